#!lua flags=allow-oom
-- Pauses a schedule, lets it go on, or deletes it.
-- KEYS: schedule:<name> (hash), schedules (set of names), schedules:due (zset, name by its next slot, ms).
-- ARGV: name, `pause`, `resume` or `delete`; to resume: the version that its next slot was computed of, and that slot (ms, or '').
-- Returns: 1; 0 when there is no such schedule; -1 when it has been changed since.
-- Promise: one that is paused or deleted fires no slot from this moment on. Runs when Redis is out of memory.
local SCHEDULE, ALL, DUE = KEYS[1], KEYS[2], KEYS[3]
local name, action = ARGV[1], ARGV[2]
local version, paused = unpack(redis.call('HMGET', SCHEDULE, 'version', 'paused'))
if not version then return 0 end
if action == 'delete' then
  redis.call('DEL', SCHEDULE)
  redis.call('SREM', ALL, name)
  redis.call('ZREM', DUE, name)
elseif action == 'pause' then
  redis.call('HSET', SCHEDULE, 'paused', '1', 'next', '')
  redis.call('ZREM', DUE, name)
elseif paused == '1' then
  if version ~= ARGV[3] then return -1 end
  redis.call('HSET', SCHEDULE, 'paused', '0', 'next', ARGV[4])
  if ARGV[4] ~= '' then redis.call('ZADD', DUE, ARGV[4], name) end
end
return 1
