#!lua
-- Keeps new jobs of one queue: all of the call or none. What has conditions or an idempotency key is for create.lua.
-- ARGV: queue, how many are ready at once with priority high, normal, low;
--   all ids in the order of submission, as lib/journal has them; how many ready jobs of groups with these priorities;
--   for each ready job, in the order of the counts: id, record; then of each priority for each ready job of a group: id, record, and behind these
--   the groups in the same order; then for each job with times: id, record, times (lib/keep). A record begins with its priority's letter.
-- Returns: the time (ms) at which they were kept, which is put in front of each record; or, and nothing has changed, { 'full', max_length,
--   how many wait, the queue }.
-- Promises: refused before it starts when Redis is out of memory (no allow-oom flag); sending the same call again (same
--   ids) keeps nothing twice; never more jobs wait than max_length; ready jobs go to the tail of their list and on to idle workers in
--   the same step. A queue without settings pays for them with one HMGET a call.
-- include lib/keys
-- include lib/keep
local IDS, FIRST = ARGV[5], 9
local ready, grouped = ARGV[2] + ARGV[3] + ARGV[4], ARGV[6] + ARGV[7] + ARGV[8]
local stamp, grouped_from = string.format('%d', NOW), FIRST + 2 * ready
local timed_from = grouped_from + 3 * grouped
local plain = grouped_from > #ARGV and is_plain()
local single = plain and ready == 1

-- A call sent again finds its first id known and changes nothing.
if single then
  if redis.call('HSETNX', JOBS, ARGV[FIRST], stamp .. ARGV[FIRST + 1]) == 0 then return NOW end
elseif redis.call('HEXISTS', JOBS, ARGV[FIRST]) == 1 then
  return NOW
end

-- Keeps the records of so many jobs. Returns their ids, and where their arguments end.
local function keep_records (from, count)
  local at, ids = from, {}
  for n = 1, count do
    ids[n] = ARGV[at]
    ARGV[at + 1] = stamp .. ARGV[at + 1]
    at = at + 2
  end
  if not single then redis.call('HSET', JOBS, unpack(ARGV, from, at - 1)) end
  emit('submitted', ids)
  return ids, at
end

local function keep_ready ()
  local at, ids = FIRST, nil
  for i, priority in ipairs(PRIORITIES) do
    local count = tonumber(ARGV[1 + i])
    if count > 0 then
      ids, at = keep_records(at, count)
      redis.call('RPUSH', LISTS[priority], unpack(ids))
    end
  end
end

local function keep_grouped ()
  local at, ids = grouped_from, nil
  for i, priority in ipairs(PRIORITIES) do
    local count = tonumber(ARGV[5 + i])
    if count > 0 then
      ids, at = keep_records(at, count)
      Turns.put(priority, ids, { unpack(ARGV, at, at + count - 1) })
      at = at + count
    end
  end
end

-- A single job for which no other waits goes past its list to an idle worker. It is as wake() would have it: being new it has no ties,
-- no attempts and no end of its time. Returns whether it went, or somebody comes for it.
local function hand_over ()
  local id, record = ARGV[FIRST], stamp .. ARGV[FIRST + 1]
  if #record > MAX_MESSAGE or redis.call('EXISTS', LISTS.h, LISTS.n, LISTS.l) > 0 then return false end
  local worker, nonce, max, lease_ms = take_note()
  if not worker then return false end
  if max == 0 then
    if call_for(worker) == 0 or redis.call('LLEN', IDLE) > 0 then return false end
    keep_ready()
    return true
  end
  local token = make_token(string.sub(ARGV[FIRST + 1], 1, 1), false, '', 1, 0, nonce)
  -- Nobody is told when the worker is gone.
  if redis.call('PUBLISH', held_by(worker), cjson.encode({ groups = { { token, id, record } } })) == 0 then return false end
  lease(worker, { id, token }, lease_ms)
  emit('submitted', { id })
  emit('started', { id }, worker)
  return true
end

local nobody = plain and (is_paused() or redis.call('LLEN', IDLE) == 0)
local handed_over = single and not nobody and hand_over()
local full = not plain and refusal(ready + grouped + (#ARGV - timed_from + 1) / 3)
if full then return full end
if not handed_over then keep_ready() end
if grouped > 0 then keep_grouped() end
local timed = {}
for at = timed_from, #ARGV, 3 do timed[#timed + 1] = { ARGV[at], ARGV[at + 1], times_of(ARGV[at + 2]) } end
local any_later = #timed > 0 and keep_timed(timed)
count_up('submitted', ready + grouped + #timed)
note_ids(IDS)
if not nobody and not handed_over then wake() end
if any_later then announce_due() end
conclude()
return NOW
