#!lua flags=allow-oom
-- Announces a worker, and forgets those that have not renewed their announcement in time.
-- KEYS: workers (hash, id -> JSON), workers:seen (zset by the time, in ms, until which a worker counts as live), workers:orders (hash,
--   id -> what it was told: order.lua).
-- ARGV: id, JSON text ('' withdraws it), ttl_ms.
-- Returns: { the time (ms), what the worker was told or '' }.
local TIME = redis.call('TIME')
local now = TIME[1] * 1000 + math.floor(TIME[2] / 1000)
local function forget (ids)
  redis.call('HDEL', KEYS[1], unpack(ids))
  redis.call('ZREM', KEYS[2], unpack(ids))
  redis.call('HDEL', KEYS[3], unpack(ids))
end
if ARGV[2] == '' then
  forget({ ARGV[1] })
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
end
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)
if #gone > 0 then forget(gone) end
return { now, redis.call('HGET', KEYS[3], ARGV[1]) or '' }
