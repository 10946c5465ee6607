#!lua
-- Fires one slot of a schedule, or skips it: keeps its job and moves the schedule to its next slot, in one step.
-- KEYS: those that all scripts get, of the queue of the job; then schedule:<name> (hash) and schedules:due (zset, name by its next slot, ms).
-- ARGV: queue; name; version and slot of which all the rest was computed; the slot after it (ms, or '' when it is the last); 1 when it is
--   skipped as long as the job of the slot before has not ended, else ''; why it is skipped whatever there is, or ''; how many other slots
--   are skipped by that; then the job: the seven of lib/create.
-- Returns: { what happened, the time (ms), and why }: `fired`; `skipped` and why (the reason given, `overlap` or `unique_key`); `full`, as the
--   queue is, and nothing has changed; `stale`, as the schedule is no longer at that slot, or has fired it before, and no job was made; `early`, as it is not
--   yet time.
-- Promises: one slot makes at most one job, whoever calls how often; nothing is fired before the time of Redis has come; as submit.lua.
-- include lib/create
local SCHEDULE, DUE = KEYS[#KEYS - 1], KEYS[#KEYS]
local NAME, VERSION, SLOT, NEXT = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local no_overlap, reason, others = ARGV[6] == '1', ARGV[7], tonumber(ARGV[8])
read_items(9)
local item = items[1]

local version, slot, last_job = unpack(redis.call('HMGET', SCHEDULE, 'version', 'next', 'last_job'))
if version ~= VERSION or slot ~= SLOT then return { 'stale', NOW, '' } end
if tonumber(SLOT) > NOW then
  redis.call('ZADD', DUE, SLOT, NAME)
  return { 'early', NOW, '' }
end

-- It has been fired: the clock was set back, and the schedule paused and resumed since.
if redis.call('HEXISTS', JOBS, item.id) == 1 then
  redis.call('HSET', SCHEDULE, 'next', NEXT)
  if NEXT == '' then redis.call('ZREM', DUE, NAME) else redis.call('ZADD', DUE, NEXT, NAME) end
  return { 'stale', NOW, '' }
end

local function runs (id)
  return id and redis.call('HEXISTS', JOBS, id) == 1 and redis.call('HEXISTS', OUTCOMES, id) == 0
end

if reason == '' and no_overlap and runs(last_job) then reason = 'overlap' end
if reason == '' then
  local refused = refusal_of_all()
  if refused and refused[1] == 'full' then return { 'full', NOW, '' } end
  if refused or item.existing then reason = 'unique_key' end
end

if NEXT == '' then redis.call('ZREM', DUE, NAME) else redis.call('ZADD', DUE, NEXT, NAME) end
if reason ~= '' then others = others + 1 end
if others > 0 then redis.call('HINCRBY', SCHEDULE, 'skipped', others) end
if reason ~= '' then
  redis.call('HSET', SCHEDULE, 'next', NEXT, 'skipped_slot', SLOT, 'skipped_why', reason)
  return { 'skipped', NOW, reason }
end
redis.call('HSET', SCHEDULE, 'next', NEXT, 'last', SLOT, 'last_job', item.id)
redis.call('HINCRBY', SCHEDULE, 'fired', 1)
keep_all()
conclude()
return { 'fired', NOW, '' }
