-- include lib/ties
-- What is known of some jobs of this queue, a row each: { record, outcome, history, progress, place, worker } with ''
-- for what is not there. The place of a job that has not ended is 'q' (in its list), 's<due ms>', 'r<due ms>', 'b<due ms, or 0>' (waits for
-- its parents) or 'a<lease token>' with the worker that holds it.
-- Of a record that is no job's only the beginning.
-- A command a hash and not a job, so that many jobs at once cost little more than one.
local MAX_WORKERS, SHOWN = 1000, 65536

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

-- Puts rows with the workers that hold them. Of a worker that holds fewer jobs than are sought all of them are read.
local function place_held (rows)
  for _, worker in ipairs(#rows > 0 and redis.call('ZREVRANGE', ACTIVE, 0, MAX_WORKERS - 1) or {}) do
    local held, tokens = held_by(worker), {}
    if #rows > 1 and redis.call('HLEN', held) < #rows then
      local all = redis.call('HGETALL', held)
      for i = 1, #all, 2 do tokens[all[i]] = all[i + 1] end
    else
      local ids = {}
      for i, row in ipairs(rows) do ids[i] = row.id end
      for i, token in ipairs(redis.call('HMGET', held, unpack(ids))) do tokens[ids[i]] = token end
    end
    local found = false
    for _, row in ipairs(rows) do
      local token = tokens[row.id]
      if token then row[5], row[6], found = 'a' .. token, worker, true end
    end
    if found then rows = unplaced(rows) end
    if #rows == 0 then return rows end
  end
  return rows
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
