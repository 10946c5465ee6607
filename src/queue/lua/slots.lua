#!lua flags=allow-oom
-- Which schedules have a slot that is due. Each is given out once a while, to whichever process asks first.
-- KEYS: schedules:due (zset, name by its next slot, ms).
-- ARGV: the most to give out, after how many ms one is given out again.
-- Returns: { for each: { name, version, slot }, in how many ms the next is due, or -1 when none is, the time (ms) }.
-- Promise: what is given out becomes due again unless fire.lua says otherwise, so it does not matter whether who got it lives. Runs when
--   Redis is out of memory.
local DUE = KEYS[1]
local SCHEDULE = string.sub(DUE, 1, -1 - #'schedules:due') .. 'schedule:'
local TIME = redis.call('TIME')
local now = TIME[1] * 1000 + math.floor(TIME[2] / 1000)

local given = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, ARGV[1])) do
  local version, slot = unpack(redis.call('HMGET', SCHEDULE .. name, 'version', 'next'))
  if version then
    redis.call('ZADD', DUE, now + ARGV[2], name)
    given[#given + 1] = { name, version, slot }
  else
    redis.call('ZREM', DUE, name)
  end
end
local next_slot = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')[2]
return { given, next_slot and math.max(0, next_slot - now) or -1, now }
