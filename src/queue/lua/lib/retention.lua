-- exports forget_completed, forget_ended
-- include lib/finish
-- include lib/bytes
-- Forgetting jobs that have been kept long enough.

-- How many of the completed jobs, from the oldest, have been kept long enough, and whether there may be more. Mostly it is not even the first.
local function count_old (kept_ms)
  local count, step, bytes = 0, 1, 0
  while count < MAX_ITEMS / 2 and bytes < MAX_READ do
    local ids = redis.call('LRANGE', COMPLETED, count, math.min(count + step, MAX_ITEMS / 2) - 1)
    if #ids == 0 then return count, false end
    local fit, size = fitting(ids, { OUTCOMES }, MAX_READ - bytes)
    local outcomes = values_of(OUTCOMES, { unpack(ids, 1, fit) }, size)
    for i = 1, fit do
      local started, took = string.match(outcomes[i] or '', '^%S+ %d+ %d+ (%d+) (%d+)')
      if started and NOW - (started + took) < kept_ms then return count, false end
      count = count + 1
    end
    step, bytes = 2 * step, bytes + size
  end
  return count, true
end

-- Returns how many were forgotten, and whether there may be more to forget.
local function forget_completed (kept_ms)
  local count, more = count_old(kept_ms)
  return count > 0 and drop_completed(count) or 0, more
end

-- Of DLQ or CANCELLED. Returns how many.
local function forget_ended (ended, kept_ms)
  local ids = redis.call('ZRANGEBYSCORE', ended, '-inf', NOW - kept_ms, 'LIMIT', 0, MAX_ITEMS / 2)
  if #ids == 0 then return 0 end
  redis.call('ZREM', ended, unpack(ids))
  forget(ids)
  return #ids
end
