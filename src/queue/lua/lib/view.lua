-- exports views, view
-- include lib/holders
-- include lib/ties
-- What is known of some jobs of this queue, a row each: { record, outcome, history, progress, place, worker } with ''
-- for what is not there. The place of a job that has not ended is 'q' (in its list), 's<due ms>', 'r<due ms>', 'b<due ms, or 0>' (waits for
-- its parents) or 'a<lease token>' with the worker that holds it.
-- Of a record that is no job's only the beginning.
-- A command a hash and not a job, so that many jobs at once cost little more than one.
local SHOWN = 65536

-- Those of the rows that have no place yet.
local function unplaced (rows)
  local left = {}
  for _, row in ipairs(rows) do if row[5] == '' then left[#left + 1] = row end end
  return left
end

-- Puts rows at their due times that are in SCHEDULED or RETRYING.
local function place_waiting (rows, waiting, letter)
  if #rows == 0 then return rows end
  local members = {}
  for i, row in ipairs(rows) do members[i] = row.member end
  local due = redis.call('ZMSCORE', waiting, unpack(members))
  for i, row in ipairs(rows) do if due[i] then row[5] = letter .. due[i] end end
  return unplaced(rows)
end

-- Puts rows with the workers that hold them.
local function place_held (rows)
  local ids = {}
  for i, row in ipairs(rows) do ids[i] = row.id end
  local holders = holders_among(ids)
  if not next(holders) then return rows end
  for _, row in ipairs(rows) do
    local holder = holders[row.id]
    if holder then row[5], row[6] = 'a' .. holder[2], holder[1] end
  end
  return unplaced(rows)
end

local function place_blocked (rows)
  if #rows == 0 then return rows end
  local ids = {}
  for i, row in ipairs(rows) do ids[i] = row.id end
  for i, state in ipairs(redis.call('HMGET', BLOCKED, unpack(ids))) do
    if state then rows[i][5] = 'b' .. string.match(state, '^%d+ %a (%d+)') end
  end
  return unplaced(rows)
end

-- The rows of up to MAX_ITEMS jobs, in their order; { '', '', '', '', '', '' } for one that is not there.
local function views (ids)
  if #ids == 0 then return {} end
  local records, outcomes, rows, open, open_ids = redis.call('HMGET', JOBS, unpack(ids)), redis.call('HMGET', OUTCOMES, unpack(ids)), {}, {}, {}
  for i, id in ipairs(ids) do
    local record, outcome = records[i] or '', records[i] and outcomes[i] or ''
    if #record > MAX_RECORD then record = string.sub(record, 1, SHOWN) end
    rows[i] = { record, outcome, '', '', '', '', id = id }
    if record ~= '' and outcome == '' then open[#open + 1], open_ids[#open_ids + 1] = rows[i], id end
  end
  if #open == 0 then return rows end
  local histories, progress, ties = redis.call('HMGET', ATTEMPTS, unpack(open_ids)), redis.call('HMGET', PROGRESS, unpack(open_ids)), ties_of(open_ids)
  for i, row in ipairs(open) do
    row[3], row[4] = histories[i] or '', progress[i] or ''
    row.member = member_of(string.sub(row[1], 14, 14), entry_of(row.id, ties and ties[i]), group_of(row[1]))
  end
  local left = place_blocked(place_held(place_waiting(place_waiting(open, SCHEDULED, 's'), RETRYING, 'r')))
  for _, row in ipairs(left) do row[5] = 'q' end
  return rows
end

local function view (id) return views({ id })[1] end
