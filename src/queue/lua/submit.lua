#!lua
-- Keeps new jobs: all of the call or none.
-- ARGV: queue, how many are ready at once with priority high, normal, low; for each of these, in this order: id, record; then
--   for each job with a due time: id, record, due (`+<ms from now>` or a time in ms; not after now means ready at once).
--   A record begins with its priority's letter.
-- Returns: the time (ms) at which they were kept, which is put in front of each record.
-- Promises: refused before it starts when Redis is out of memory (no allow-oom flag); sending the same call again (same
--   ids) keeps nothing twice; ready jobs go to the tail of their list and on to idle workers in the same step.
-- include lib/keys
-- include lib/wake

local STAMP = string.format('%d', NOW) -- made once: `..` takes long to write a number
local FIRST = 5

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

local records, later, delayed, past = {}, {}, {}, { h = {}, n = {}, l = {} }
while ARGV[at] do
  local id, record, due = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local priority = string.sub(record, 1, 1)
  due = string.sub(due, 1, 1) == '+' and NOW + tonumber(string.sub(due, 2)) or tonumber(due)
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

emit('scheduled', delayed)
count_up('submitted', submitted)
wake()
if #later > 0 then
  redis.call('ZADD', SCHEDULED, unpack(later))
  sweep_at(next_due())
  hint_due()
end
tell()
return NOW
