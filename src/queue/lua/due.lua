#!lua flags=allow-oom
-- Which queues are due for a sweep. Each is given out once an interval, to whichever process asks first.
-- KEYS: sweeps (zset, queue by the time, ms, at which it wants to be swept).
-- ARGV: interval_ms, the most names to give out, and names of queues to note (at most 1,000) if they are not there.
-- Returns: their names.
-- Promise: what is given out becomes due again after interval_ms unless its sweep says otherwise, so it does not matter whether
--   who got it lives. Runs when Redis is out of memory.
local TIME = redis.call('TIME')
local now = TIME[1] * 1000 + math.floor(TIME[2] / 1000)
local limit = tonumber(ARGV[2])
for i = 3, #ARGV do redis.call('ZADD', KEYS[1], 'NX', 0, ARGV[i]) end
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, limit)
-- Nothing is put further ahead than a minute: the clock has been set back.
for _, queue in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now + 61000, '+inf', 'LIMIT', 0, limit - #due)) do due[#due + 1] = queue end
for _, queue in ipairs(due) do redis.call('ZADD', KEYS[1], now + ARGV[1], queue) end
return due
