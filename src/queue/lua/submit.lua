#!lua
-- Keeps new jobs: all of the call or none.
-- KEYS: those that all scripts get; with an idempotency key, what has been made with it (string); of each other queue of the same
--   submit, seven (lib/room).
-- ARGV: queue, how many are ready at once with priority high, normal, low;
--   for the idempotency key: seconds to remember it, fingerprint of the request, what to remember; or '', '', '' without;
--   for jobs of several queues, which are a transaction of several calls: for the first, how many jobs go to each of the others,
--   separated by spaces, for the others `=` and the first's first id, else '';
--   all ids in the order of submission, as lib/journal has them;
--   for each ready job, in the order of the counts: id, record; then for each job with times: id, record, due (`+<ms from now>`
--   or a time in ms; not after now, or nothing, means ready at once) and, behind a `!`, when it expires if it has not started (likewise). A record begins with its priority's letter.
-- Returns: the time (ms) at which they were kept, which is put in front of each record. Or why they were not, and nothing has
--   changed: { 'full', max_length, how many wait, which queue (0: this one, 1: the first of the others, …) }; { 'known', fingerprint, time, what was remembered }; 0 for a call whose first was not kept.
-- Promises: refused before it starts when Redis is out of memory (no allow-oom flag); sending the same call again (same
--   ids) keeps nothing twice; never more jobs wait than max_length; of all calls with one idempotency key one keeps jobs;
--   ready jobs go to the tail of their list and on to idle workers in the same step. A queue without settings pays for them with one
--   HMGET a call.
-- include lib/keys
-- include lib/room
-- include lib/wake

local STAMP = string.format('%d', NOW) -- made once: `..` takes long to write a number
local REMEMBER_S, FINGERPRINT, MEMO, SIBLINGS = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local IDS = ARGV[9]
local FIRST = 10

-- Tells the worker that has been idle longest when the first scheduled job is due, so that it looks at that moment;
-- without it, or when it has gone, the next look or sweep promotes the job.
local function hint_due ()
  local longest_idle = redis.call('LINDEX', IDLE, 0)
  if not longest_idle then return end
  local first = redis.call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')
  redis.call('PUBLISH', held_by(string.match(longest_idle, '^%S+')), cjson.encode({ due_in = first[2] - NOW }))
end

-- A call sent again finds its first id known and changes nothing.
if redis.call('HEXISTS', JOBS, ARGV[FIRST]) == 1 then return NOW end

-- Why the jobs are not to be kept; false when they are, and then that is remembered.
local function refused ()
  if string.sub(SIBLINGS, 1, 1) == '=' then
    return redis.call('HEXISTS', JOBS, string.sub(SIBLINGS, 2)) == 0 and 0
  end
  local counts = {}
  for count in string.gmatch(SIBLINGS, '%d+') do counts[#counts + 1] = tonumber(count) end
  local others = #KEYS - ROOM_KEYS * #counts
  local key = REMEMBER_S ~= '' and KEYS[others]
  local known = key and redis.call('GET', key)
  if known then return { 'known', string.match(known, '^(%S+) (%d+) (.*)$') } end
  local ready = tonumber(ARGV[2]) + tonumber(ARGV[3]) + tonumber(ARGV[4])
  local later = (#ARGV - FIRST + 1 - 2 * ready) / 3
  local full = own_refusal(ready + later)
  for i = 1, #counts do full = full or other_refusal(i, others + ROOM_KEYS * (i - 1), counts[i]) end
  if full then return full end
  if key then redis.call('SET', key, FINGERPRINT .. ' ' .. STAMP .. ' ' .. MEMO, 'EX', REMEMBER_S) end
  return false
end

local reason = refused()
if reason then return reason end

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

local function time_of (text)
  return string.sub(text, 1, 1) == '+' and NOW + tonumber(string.sub(text, 2)) or tonumber(text)
end

local records, later, delayed, expiring, past = {}, {}, {}, {}, { h = {}, n = {}, l = {} }
while ARGV[at] do
  local id, record = ARGV[at], ARGV[at + 1]
  local due, expires = string.match(ARGV[at + 2], '^([^!]*)!?(.*)$')
  local priority = string.sub(record, 1, 1)
  due = time_of(due) or 0
  if expires ~= '' then expiring[#expiring + 1], expiring[#expiring + 2] = time_of(expires), id end
  records[#records + 1], records[#records + 2] = id, STAMP .. record
  if due > NOW then
    later[#later + 1], later[#later + 2] = due, priority .. id
    delayed[#delayed + 1] = id
  else
    table.insert(past[priority], id)
  end
  submitted = submitted + 1
  at = at + 3
end
if #records > 0 then redis.call('HSET', JOBS, unpack(records)) end
for priority, ids in pairs(past) do
  if #ids > 0 then redis.call('RPUSH', LISTS[priority], unpack(ids)) end
  emit('submitted', ids)
end

if #expiring > 0 then
  redis.call('ZADD', EXPIRING, unpack(expiring))
  for i = 1, #expiring, 2 do sweep_at(expiring[i]) end
end
emit('scheduled', delayed)
count_up('submitted', submitted)
note_ids(IDS)
wake()
if #later > 0 then
  redis.call('ZADD', SCHEDULED, unpack(later))
  sweep_at(next_due())
  hint_due()
end
tell()
return NOW
