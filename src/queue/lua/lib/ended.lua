-- exports completed_at, completed
-- The jobs of COMPLETED. The nth that ever completed is at n for as long as it is kept, as the list only grows at its tail and only
-- shrinks at its head. Those that have left it (LEFT) are passed over.

-- When the job of an outcome ended; nil when it did not complete, or is gone.
local function completed_at (outcome)
  local started, took = string.match(outcome or '', '^c%S* %d+ %d+ (%d+) (%d+)')
  return started and started + took
end

local function completed_at_index (index)
  for _, id in ipairs(redis.call('LRANGE', COMPLETED, index, index + 9)) do
    local time = completed_at(redis.call('HGET', OUTCOMES, id))
    if time then return time end
  end
end

-- How many of the list's `length` completed before `time`, or (with) not after it.
local function count_completed (length, time, with)
  local low, high = 0, length
  while low < high do
    local middle = math.floor((low + high) / 2)
    local at = completed_at_index(middle) or math.huge
    if at < time or with and at == time then low = middle + 1 else high = middle end
  end
  return low
end

-- Up to `count` from a place on (see find.lua): each { id, time (set when its outcome is known), n }, and whether they were the last.
local function completed (newest, count, time, from)
  local length = redis.call('LLEN', COMPLETED)
  local gone = tonumber(redis.call('HGET', STATS, 'completed') or 0) - length
  local at -- in the list, counted from 0
  if from ~= '' and from ~= '(' then
    at = from - gone + (newest and -1 or 1)
  elseif time == '' then
    at = newest and length - 1 or 0
  elseif newest then
    at = count_completed(length, tonumber(time), from == '') - 1
  else
    at = count_completed(length, tonumber(time), from == '(')
  end
  at = newest and math.min(at, length - 1) or math.max(at, 0)
  local first, last = at, at + count - 1
  if newest then first, last = math.max(0, at - count + 1), at end
  local found = {}
  if last < first or last < 0 then return found, true end
  local ids = redis.call('LRANGE', COMPLETED, first, last)
  local left = #ids > 0 and redis.call('EXISTS', LEFT) == 1 and redis.call('HMGET', LEFT, unpack(ids))
  for i = 1, #ids do
    local nth = newest and #ids + 1 - i or i
    found[i] = { not (left and left[nth]) and ids[nth] or '', time, string.format('%.0f', gone + first + nth - 1) }
  end
  if newest then return found, first == 0 end
  return found, first + #ids >= length
end
