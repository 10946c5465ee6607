#!lua flags=allow-oom
-- Renews all that a worker holds of the queue.
-- ARGV: queue, worker, lease_ms.
-- Returns: { now, what the worker holds, { id, token, id, token, … } }; what was leased before and is not in it is lost.
-- Promise: renews leases that have not been taken back, never gives one back.
-- include lib/keys
local worker, lease_ms = ARGV[2], tonumber(ARGV[3])
local held = redis.call('HGETALL', held_by(worker))
if #held > 0 then redis.call('ZADD', ACTIVE, NOW + lease_ms, worker) end
return { NOW, held }
