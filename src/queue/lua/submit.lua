#!lua
-- Keeps new jobs: all of the call or none.
-- ARGV: queue, number of jobs without a due time, for each: id, record; then for each job with one: id, record, due
--   (`+<ms from now>` or a time in ms; not after now means ready at once). A record begins with its priority's letter.
-- Returns: the time (ms) at which they were kept, which is put in front of each record.
-- Promises: refused before it starts when Redis is out of memory (no allow-oom flag); sending the same call again (same
--   ids) keeps nothing twice; ready jobs go to the tail of their list and on to idle workers in the same step.
-- include lib/keys
-- include lib/wake

local records, ready, later = {}, { h = {}, n = {}, l = {} }, {}

local function keep (id, record)
  records[#records + 1], records[#records + 2] = id, NOW .. record
end

local function make_ready (id, record)
  local ids = ready[string.sub(record, 1, 1)]
  ids[#ids + 1] = id
end

-- Tells the worker that has been idle longest when the first scheduled job is due, so that it looks at that moment;
-- without it, or when it has gone, the next look or sweep promotes the job.
local function hint_due ()
  local longest_idle = redis.call('LINDEX', IDLE, 0)
  if not longest_idle then return end
  local first = redis.call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')
  redis.call('PUBLISH', held_by(string.match(longest_idle, '^%S+')), cjson.encode({ due_in = first[2] - NOW }))
end

local immediate = tonumber(ARGV[2])
local at = 3
for _ = 1, immediate do
  keep(ARGV[at], ARGV[at + 1])
  make_ready(ARGV[at], ARGV[at + 1])
  at = at + 2
end
while ARGV[at] do
  local id, record, due = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  due = string.sub(due, 1, 1) == '+' and NOW + tonumber(string.sub(due, 2)) or tonumber(due)
  keep(id, record)
  if due > NOW then
    later[#later + 1], later[#later + 2] = due, string.sub(record, 1, 1) .. id
  else
    make_ready(id, record)
  end
  at = at + 3
end

-- A call sent again finds its first id known and changes nothing.
if redis.call('HEXISTS', JOBS, records[1]) == 1 then return NOW end
redis.call('HSET', JOBS, unpack(records))
for _, priority in ipairs(PRIORITIES) do
  if #ready[priority] > 0 then redis.call('RPUSH', LISTS[priority], unpack(ready[priority])) end
end
count_up('submitted', #records / 2)
wake()
if #later > 0 then
  redis.call('ZADD', SCHEDULED, unpack(later))
  hint_due()
end
return NOW
