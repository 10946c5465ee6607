#!lua flags=allow-oom
-- Announces a worker, and forgets those that have not renewed their announcement in time.
-- KEYS: workers (hash, id -> JSON), workers:seen (zset by the time, in ms, until which a worker counts as live).
-- ARGV: id, JSON text ('' withdraws it), ttl_ms.
-- Returns: the time (ms).
local TIME = redis.call('TIME')
local now = TIME[1] * 1000 + math.floor(TIME[2] / 1000)
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
end
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)
if #gone > 0 then
  redis.call('HDEL', KEYS[1], unpack(gone))
  redis.call('ZREM', KEYS[2], unpack(gone))
end
return now
