#!lua flags=no-writes
-- Reads jobs of the queue in one of its orders, from a place on.
-- ARGV: queue, order, `newest` or `oldest`, how many at most (1 to 200), bytes at most (the first job may be larger), and where to begin:
--   a time (ms, or '' for the beginning) and `` (with that time), `(` (behind it), or the mark of the last job before;
--   for the order `these`: '', '', and the ids.
--   created             all jobs, as they came into being (lib/journal); a mark is `<its entry's number in the ms>-<index>`.
--   scheduled, retrying as they are due.
--   failed, cancelled   as they ended.
--   completed           as they ended; a mark is how many had completed then.
--   these               as they are given.
-- Returns: { 1 when nothing comes behind it or 0, how many were looked at, { time, mark } of the last of these or nil,
--   { { id, time, mark, row of lib/view }, … } }. What has been forgotten, or is elsewhere by now, is looked at and not returned.
-- Promise: all of it is of one moment; a page that goes on from the last mark has what was there all the time, and nothing twice.
-- include lib/keys
-- include lib/bytes
-- include lib/view
-- include lib/ranked
-- include lib/ended
-- include lib/journal
local order, newest, count, max_bytes, time, from = ARGV[2], ARGV[3] == 'newest', tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[7]

-- Up to `limit` entries of JOURNAL and SWEPT from one on, `bound` being its id, with `(` before it those behind it, or `-` or `+`.
local function entries (limit, bound)
  local found
  if newest then
    found = redis.call('XREVRANGE', JOURNAL, bound, '-', 'COUNT', limit)
  else
    found = redis.call('XRANGE', SWEPT, bound, '+', 'COUNT', limit)
  end
  if #found == limit then return found end
  local rest
  if newest then
    rest = redis.call('XREVRANGE', SWEPT, bound, '-', 'COUNT', limit - #found)
  else
    rest = redis.call('XRANGE', JOURNAL, bound, '+', 'COUNT', limit - #found)
  end
  for _, entry in ipairs(rest) do found[#found + 1] = entry end
  return found
end

-- The entry to begin with, as `entries` has it, and the index of the last job before when that is in it.
local function first_entry ()
  if time == '' then return newest and '+' or '-' end
  if from == '' then return time end
  if from == '(' then return '(' .. time .. (newest and '-0' or '-18446744073709551615') end
  local seq, index = string.match(from, '^(%d+)-(%d+)$')
  return time .. '-' .. seq, tonumber(index)
end

-- Adds the ids of an entry that come behind `index` (nil: all) to found, up to `count` in all. Returns whether that were all.
local function add_noted (found, entry, index)
  local _, _, size = noted(entry, 1, 0)
  local ms, seq = string.match(entry[1], '^(%d+)-(%d+)$')
  local first, last = 1, size
  if entry[2][1] == 'i' then
    -- The index is where it stands.
    if index and newest then last = index elseif index then first = index + 2 end
    if newest then first = math.max(1, last - (count - #found) + 1) else last = math.min(size, first + count - #found - 1) end
  end
  local ids, indexes = noted(entry, first, last)
  for i = 1, #ids do
    local nth = newest and #ids + 1 - i or i
    local is_behind = not index or newest and indexes[nth] < index or not newest and indexes[nth] > index
    if is_behind then
      if #found >= count then return false end
      found[#found + 1] = { ids[nth], ms, seq .. '-' .. indexes[nth] }
    end
  end
  return first == 1 and newest or last == size and not newest
end

local function created ()
  local found, chunk = {}, 1
  local bound, index = first_entry()
  while true do
    local batch = entries(chunk, bound)
    for i, entry in ipairs(batch) do
      local all = add_noted(found, entry, entry[1] == bound and index or nil)
      if #found >= count then return found, all and i == #batch and #batch < chunk end
    end
    if #batch < chunk then return found, true end
    bound = '(' .. batch[#batch][1]
    -- An entry may have one id, or a thousand.
    chunk = math.min(2 * chunk, 64)
  end
end

local function these ()
  local found = {}
  for i = 8, #ARGV do found[i - 7] = { ARGV[i], '', '' } end
  return found, true
end

local function find ()
  if order == 'created' then return created() end
  if order == 'these' then return these() end
  if order == 'completed' then return completed(newest, count, time, from) end
  -- A member of those that wait begins with the priority's letter.
  if order == 'scheduled' or order == 'retrying' then return ranked(order == 'scheduled' and SCHEDULED or RETRYING, newest, count, time, from, 2) end
  return ranked(order == 'failed' and DLQ or CANCELLED, newest, count, time, from, 1)
end

local found, ended = find()
local ids = {}
for i, item in ipairs(found) do ids[i] = item[1] end
-- Of what is large nothing is read in vain.
local looked = fitting(ids, { JOBS, OUTCOMES, redis.call('EXISTS', ATTEMPTS) == 1 and ATTEMPTS or nil }, max_bytes)
ids = { unpack(ids, 1, looked) }
local rows, there = views(ids), {}
for i, row in ipairs(rows) do
  local item = found[i]
  if order == 'completed' then item[2] = completed_at(row[2]) or i > 1 and found[i - 1][2] or item[2] end
  if row[1] ~= '' and not (order == 'completed' and not completed_at(row[2])) then
    there[#there + 1] = { item[1], string.format('%s', item[2]), item[3], row }
  end
end
local last = looked > 0 and { string.format('%s', found[looked][2]), found[looked][3] }
return { ended and looked == #found and 1 or 0, looked, last, there }
