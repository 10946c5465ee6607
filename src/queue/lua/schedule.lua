#!lua
-- Creates a schedule, or replaces what it is.
-- KEYS: schedule:<name> (hash), schedules (set of names), schedules:due (zset, name by its next slot, ms).
-- ARGV: name, a version that it never had, what it is (JSON), the input of its jobs (JSON text or ''), its timing (JSON), its next slot by that (ms, or ''), whether it
--   is paused (1 or 0; '' leaves that as it is, and a new one is not), how many there may be.
-- Returns: 'created', 'changed', 'same' (nothing was written) or 'too_many'.
-- Promises: what it has fired stays known; a slot that is due is not lost to a change of anything but the timing. Refused before it
--   starts when Redis is out of memory.
local SCHEDULE, ALL, DUE = KEYS[1], KEYS[2], KEYS[3]
local name, version, spec, input, timing, next_slot, paused = unpack(ARGV)
local TIME = redis.call('TIME')
local now = TIME[1] * 1000 + math.floor(TIME[2] / 1000)

local old_version, old_spec, old_input, old_timing, old_next, old_paused = unpack(redis.call('HMGET', SCHEDULE, 'version', 'spec', 'input', 'timing', 'next', 'paused'))
if paused == '' then paused = old_paused or '0' end
if old_spec == spec and old_input == input and old_paused == paused then return 'same' end
if not old_version and redis.call('SCARD', ALL) >= tonumber(ARGV[8]) then return 'too_many' end

if old_timing == timing and old_paused == '0' then next_slot = old_next end
if paused == '1' then next_slot = '' end
redis.call('HSET', SCHEDULE, 'version', version, 'spec', spec, 'input', input, 'timing', timing, 'next', next_slot, 'paused', paused, 'updated_at', string.format('%d', now))
redis.call('HSETNX', SCHEDULE, 'created_at', string.format('%d', now))
redis.call('SADD', ALL, name)
if next_slot == '' then redis.call('ZREM', DUE, name) else redis.call('ZADD', DUE, next_slot, name) end
return old_version and 'changed' or 'created'
