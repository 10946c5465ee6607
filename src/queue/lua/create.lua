#!lua
-- Keeps new jobs that have conditions, an idempotency key, or several queues: all of the call or none.
-- KEYS: those that all scripts get, of any of the queues; with an idempotency key, what has been made with it (string).
-- ARGV: that queue; for the idempotency key: seconds to remember it, fingerprint of the request, what else to remember; or '', '', '';
--   then for each job the seven of lib/create.
-- Returns: { time, for each job `<state><id>`, and of each that is cancelled the parent } with the states q(ueued), s(cheduled), b(locked), x (cancelled, as a parent had failed),
--   and e for another job that has its unique key, whose id it is then, or one that the same call has made before. Or why nothing was
--   kept: { 'full', max_length, how many wait, queue }; { 'known', fingerprint, time, what was remembered: the states and the rest };
--   { 'taken', index of the job from 0, id that has its unique key, or '' when that is forgotten, or is the one of this call whose index is next };
--   { 'no_parent', index of the job, index of the parent }.
-- Promises: as submit.lua; of all calls with one idempotency key one keeps jobs; of all jobs with one unique key one holds it; a parent
--   that ends before or after is counted once.
-- include lib/create
local REMEMBER_S, FINGERPRINT, REST = ARGV[2], ARGV[3], ARGV[4]
read_items(5)

local again = kept_before()
if again then return again end
enter(ARGV[1])
local known = REMEMBER_S ~= '' and redis.call('GET', KEYS[#KEYS])
if known then return { 'known', string.match(known, '^(%S+) (%d+) (.*)$') } end
local reason = refusal_of_all()
if reason then return reason end
local states = keep_all()
if REMEMBER_S ~= '' then redis.call('SET', KEYS[#KEYS], FINGERPRINT .. ' ' .. STAMP .. ' ' .. states .. REST, 'EX', REMEMBER_S) end
conclude()
local reply = { NOW, states }
for _, item in ipairs(items) do
  if item.failed_parent then reply[#reply + 1] = item.failed_parent end
end
return reply
