#!lua
-- Sets the settings of a queue, or takes them away, if they are still those that were read. Scripts read those at SETTINGS (lib/settings)
-- alone; the rest is for the processes, which see by the version `*` that something has changed, and by the others what.
-- KEYS: those that all scripts get, then settings (hash, queue -> JSON) and settings:versions (hash, queue -> version; `*` -> the last).
-- ARGV: queue, the version that was read (0: there were none), JSON ('' to take them away), how many queues may have settings, how many
--   fields scripts read, and for each of them its name and value ('' for none); then group, limits, … (as in OVERRIDES, lib/groups), at most MAX_ITEMS.
-- Returns: the new version; 0 when somebody else has changed them since; -1 when too many queues have settings.
-- Promises: what is read together with its version is changed by one writer. A queue that has settings is kept though it is empty. From
--   this moment on no script leases more than the limits allow; what a higher limit allows is handed to parked workers in the same step.
-- include lib/keys
-- include lib/upkeep
-- include lib/conclude
local ALL, VERSIONS = KEYS[#KEYS - 1], KEYS[#KEYS]
local json = ARGV[3]

if (redis.call('HGET', VERSIONS, QUEUE) or '0') ~= ARGV[2] then return 0 end
if json ~= '' and ARGV[2] == '0' and redis.call('HLEN', ALL) >= tonumber(ARGV[4]) then return -1 end

-- A time, so that it is none of those that there were before a Redis lost its data.
local version = string.format('%d', math.max(NOW, tonumber(redis.call('HGET', VERSIONS, '*') or 0) + 1))
redis.call('HSET', VERSIONS, '*', version)
if json == '' then
  redis.call('HDEL', VERSIONS, QUEUE)
  redis.call('HDEL', ALL, QUEUE)
  redis.call('HDEL', SETTINGS, 'version')
else
  redis.call('HSET', VERSIONS, QUEUE, version)
  redis.call('HSET', ALL, QUEUE, json)
  redis.call('HSET', SETTINGS, 'version', version)
  redis.call('SADD', QUEUES, QUEUE)
end
local FIRST, AFTER = 6, 6 + 2 * ARGV[5]
for at = FIRST, AFTER - 1, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', SETTINGS, ARGV[at]) else redis.call('HSET', SETTINGS, ARGV[at], ARGV[at + 1]) end
end
redis.call('DEL', GROUPS.overrides)
if ARGV[AFTER] then redis.call('HSET', GROUPS.overrides, unpack(ARGV, AFTER)) end
Upkeep.begin()
wake()
conclude()
sweep_at(NOW)
return tonumber(version)
