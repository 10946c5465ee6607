#!lua
-- Sets the settings of a queue, or takes them away, if they are still those that were read. Scripts read `max_length` alone, at
-- SETTINGS; the rest is for the processes, which see by the version `*` that something has changed, and by the others what.
-- KEYS: those that all scripts get, then settings (hash, queue -> JSON) and settings:versions (hash, queue -> version; `*` -> the last).
-- ARGV: queue, the version that was read (0: there were none), JSON ('' to take them away), max_length ('' for none), how many queues
--   may have settings.
-- Returns: the new version; 0 when somebody else has changed them since; -1 when too many queues have settings.
-- Promises: what is read together with its version is changed by one writer. A queue that has settings is kept though it is empty.
-- include lib/keys
local ALL, VERSIONS = KEYS[#KEYS - 1], KEYS[#KEYS]
local json, max_length = ARGV[3], ARGV[4]

if (redis.call('HGET', VERSIONS, QUEUE) or '0') ~= ARGV[2] then return 0 end
if json ~= '' and ARGV[2] == '0' and redis.call('HLEN', ALL) >= tonumber(ARGV[5]) then return -1 end

-- A time, so that it is none of those that there were before a Redis lost its data.
local version = string.format('%d', math.max(NOW, tonumber(redis.call('HGET', VERSIONS, '*') or 0) + 1))
redis.call('HSET', VERSIONS, '*', version)
if json == '' then
  redis.call('HDEL', VERSIONS, QUEUE)
  redis.call('HDEL', ALL, QUEUE)
  redis.call('HDEL', SETTINGS, 'version', 'max_length')
else
  redis.call('HSET', VERSIONS, QUEUE, version)
  redis.call('HSET', ALL, QUEUE, json)
  redis.call('HSET', SETTINGS, 'version', version)
  if max_length == '' then redis.call('HDEL', SETTINGS, 'max_length') else redis.call('HSET', SETTINGS, 'max_length', max_length) end
  redis.call('SADD', QUEUES, QUEUE)
end
sweep_at(NOW)
return tonumber(version)
