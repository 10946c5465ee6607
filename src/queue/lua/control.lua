#!lua flags=allow-oom
-- What people do to jobs, whatever a worker is doing with them.
-- ARGV: queue, action, ids (1 to 1,000, each once).
--   cancel   a job that has not ended will not run, or what runs no longer counts: its worker is told at once on its channel.
--   retry    a job that has ended is queued again, with all its attempts before it; its failures stay in its history.
--   promote  a job that waits for its time is queued now.
--   delete   a job that has ended is forgotten.
-- Returns: for each id, from the first, as many as one call may read (lib/bytes): 1 (done), 0 (it was so already), -1 (its status does not allow it), -2 (there is no such job in this queue).
-- Promises: each job is in one place before and after; a late outcome of a cancelled attempt is stale. Runs when Redis is out of
--   memory, as it makes room or writes as much as a settlement.
-- include lib/keys
-- include lib/bytes
-- include lib/cancel
-- include lib/holders
-- include lib/emit
-- include lib/conclude
local action, ids = ARGV[2], {}
for i = 3, #ARGV do ids[i - 2] = ARGV[i] end
local count, bytes = fitting(ids, { JOBS, OUTCOMES, action == 'cancel' and redis.call('EXISTS', ATTEMPTS) == 1 and ATTEMPTS or nil }, MAX_READ)
ids = { unpack(ids, 1, count) }
local records, outcomes, ties = values_of(JOBS, ids, bytes), values_of(OUTCOMES, ids, bytes), ties_of(ids)
local DONE, ALREADY, CONFLICT, UNKNOWN = 1, 0, -1, -2
local queued, cancelled = {}, {} -- ids
local ready = {}
local act = {}

-- Of all of them at once, when it is asked of the first.
local holders
local function holder_of (id)
  holders = holders or holders_among(ids)
  return holders[id]
end

function act.cancel (id, record, outcome)
  if outcome then return string.sub(outcome, 1, 1) == 'x' and ALREADY or CONFLICT end
  cancel(id, record, '{"reason":"requested"}', holder_of)
  cancelled[#cancelled + 1] = id
  return DONE
end

-- Takes a job out of those that have ended.
local function leave_ended (id, outcome)
  local letter = string.sub(outcome, 1, 1)
  if letter == 'c' then
    if not taken_back(id) then leave_completed(id) end
  else
    redis.call('ZREM', letter == 'f' and DLQ or CANCELLED, id)
    taken_back(id)
  end
  redis.call('HDEL', OUTCOMES, id)
end

function act.retry (id, record, outcome, tie)
  if not outcome then return CONFLICT end
  leave_ended(id, outcome)
  -- Without the empty line that ends an outcome's failures, and what follows it.
  local errors = errors_of(outcome)
  errors = string.sub(errors, 1, 1) == '\n' and '' or string.sub(errors, 1, string.find(errors, '\n\n', 1, true))
  redis.call('HSET', ATTEMPTS, id, '0 0\n' .. errors)
  gather(ready, string.sub(record, 14, 14), entry_of(id, tie), group_of(record))
  count_up('redriven', 1)
  queued[#queued + 1] = id
  return DONE
end

function act.promote (id, record, outcome, tie)
  if outcome then return CONFLICT end
  local priority, entry, group = string.sub(record, 14, 14), entry_of(id, tie), group_of(record)
  local member = member_of(priority, entry, group)
  if redis.call('ZREM', SCHEDULED, member) + redis.call('ZREM', RETRYING, member) == 0 then
    return (holder_of(id) or redis.call('HEXISTS', BLOCKED, id) == 1) and CONFLICT or ALREADY
  end
  gather(ready, priority, entry, group)
  queued[#queued + 1] = id
  return DONE
end

act['delete'] = function (id, _, outcome)
  if not outcome then return CONFLICT end
  leave_ended(id, outcome)
  forget({ id }, true)
  return DONE
end

local results = {}
for i, id in ipairs(ids) do
  if not records[i] or queue_of(records[i]) ~= QUEUE then
    results[i] = UNKNOWN
  else
    results[i] = act[action](id, records[i], outcomes[i], ties and ties[i])
  end
end
put(ready)
if #cancelled > 0 then sweep_at(NOW) end -- which knows how many cancelled jobs the queue keeps
emit('queued', queued)
emit('cancelled', cancelled)
wake()
conclude()
return results
