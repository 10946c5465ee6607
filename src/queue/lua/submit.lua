#!lua
-- Keeps new jobs of one queue: all of the call or none. What has conditions or an idempotency key is for create.lua.
-- ARGV: queue, how many are ready at once with priority high, normal, low;
--   all ids in the order of submission, as lib/journal has them;
--   for each ready job, in the order of the counts: id, record; then for each job with times or a group: id, record, times (lib/keep). A record
--   begins with its priority's letter.
-- Returns: the time (ms) at which they were kept, which is put in front of each record; or, and nothing has changed, { 'full', max_length,
--   how many wait, the queue }.
-- Promises: refused before it starts when Redis is out of memory (no allow-oom flag); sending the same call again (same
--   ids) keeps nothing twice; never more jobs wait than max_length; ready jobs go to the tail of their list and on to idle workers in
--   the same step. A queue without settings pays for them with one HMGET a call.
-- include lib/keys
-- include lib/keep
local IDS = ARGV[5]
local FIRST = 6

-- A call sent again finds its first id known and changes nothing.
if redis.call('HEXISTS', JOBS, ARGV[FIRST]) == 1 then return NOW end

local ready = tonumber(ARGV[2]) + tonumber(ARGV[3]) + tonumber(ARGV[4])
local full = refusal(ready + (#ARGV - FIRST + 1 - 2 * ready) / 3)
if full then return full end

local at, submitted = FIRST, 0
for i, priority in ipairs(PRIORITIES) do
  local count = tonumber(ARGV[1 + i])
  if count > 0 then
    local from, ids = at, {}
    for n = 1, count do
      ids[n] = ARGV[at]
      ARGV[at + 1] = STAMP .. ARGV[at + 1]
      at = at + 2
    end
    redis.call('HSET', JOBS, unpack(ARGV, from, at - 1))
    redis.call('RPUSH', LISTS[priority], unpack(ids))
    emit('submitted', ids)
    submitted = submitted + count
  end
end

local timed = {}
while ARGV[at] do
  timed[#timed + 1] = { ARGV[at], ARGV[at + 1], times_of(ARGV[at + 2]) }
  at = at + 3
end
local later = keep_timed(timed)
count_up('submitted', submitted + #timed)
note_ids(IDS)
wake()
schedule(later)
conclude()
return NOW
