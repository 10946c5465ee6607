#!lua flags=allow-oom
-- Tells a live worker to be quiet or to stop.
-- KEYS: workers (also the channel on which all processes hear of it), workers:seen, workers:orders.
-- ARGV: `quiet` or `stop`, the worker's id, and the same as that of a remote worker.
-- Returns: what the worker has been told, '' when there is no such worker.
-- Promise: who is to stop is not made quiet again. Runs when Redis is out of memory: there are no more entries than workers.
local TIME = redis.call('TIME')
local now = TIME[1] * 1000 + math.floor(TIME[2] / 1000)
for i = 2, 3 do
  if tonumber(redis.call('ZSCORE', KEYS[2], ARGV[i]) or 0) > now then
    local order = redis.call('HGET', KEYS[3], ARGV[i]) == 'stop' and 'stop' or ARGV[1]
    redis.call('HSET', KEYS[3], ARGV[i], order)
    redis.call('PUBLISH', KEYS[1], ARGV[i] .. ' ' .. order)
    return order
  end
end
return ''
