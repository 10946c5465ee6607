#!lua flags=no-writes
-- The queue in numbers, at one moment.
-- ARGV: queue.
-- Returns: { now, high, normal, low, scheduled, retrying, active, completed, dead, oldest waiting job's created_at in ms or
--   0, totals as field, value, … }. Active counts the jobs of at most 1,000 workers.
-- include lib/keys
local active = 0
for _, worker in ipairs(redis.call('ZRANGE', ACTIVE, 0, MAX_ITEMS - 1)) do
  active = active + redis.call('HLEN', held_by(worker))
end
local waiting, oldest = {}, 0
for i, priority in ipairs(PRIORITIES) do
  waiting[i] = redis.call('LLEN', LISTS[priority])
  local id = redis.call('LINDEX', LISTS[priority], 0)
  local record = id and redis.call('HGET', JOBS, id)
  local created = record and tonumber(string.sub(record, 1, 13))
  if created and (oldest == 0 or created < oldest) then oldest = created end
end
return {
  NOW, waiting[1], waiting[2], waiting[3], redis.call('ZCARD', SCHEDULED), redis.call('ZCARD', RETRYING), active,
  redis.call('LLEN', COMPLETED), redis.call('ZCARD', DLQ), oldest, redis.call('HGETALL', STATS)
}
