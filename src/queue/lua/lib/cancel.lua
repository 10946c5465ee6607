-- exports queue_of, cancelled_outcome, parent_failed, end_cancelled, never_leased, cancel, EXPIRED
-- include lib/finish

local function queue_of (record) return string.match(record, '^..............[:*]([^\n\t]*)') end

-- The outcome of a job that is cancelled. `why` is JSON and stays with it.
local function cancelled_outcome (lease, worker, history, why)
  return outcome_head('x', lease, worker) .. errors_of(history) .. '\n' .. why
end

-- Why a job is cancelled: one that it depends on failed, or was cancelled.
local function parent_failed (parent) return '{"reason":"parent_failed","job_id":"' .. parent .. '"}' end

-- Ends jobs as cancelled that are in no place any more: { id, outcome, … }.
local function end_cancelled (outcomes)
  if #outcomes == 0 then return end
  local ids, times = {}, {}
  for i = 1, #outcomes, 2 do
    local n = #ids + 1
    ids[n], times[i], times[i + 1] = outcomes[i], NOW, outcomes[i]
  end
  redis.call('HSET', OUTCOMES, unpack(outcomes))
  redis.call('HDEL', ATTEMPTS, unpack(ids))
  redis.call('ZREM', EXPIRING, unpack(ids))
  redis.call('ZADD', CANCELLED, unpack(times))
  count_up('cancelled', #ids)
  ended(ids, 'x')
end

local function never_leased (priority, history)
  local failed, lost = string.match(history or '0 0', '^(%d+) (%d+)')
  return { priority = priority, attempt = failed, lost = lost, at = 0 }
end

-- Cancels a job that has not ended, wherever it is. Of its record no more is wanted than the first line. `holder_of` (id), without which no
-- worker holds it, returns who does, as lib/holders has it.
local function cancel (id, record, why, holder_of)
  local priority = string.sub(record, 14, 14)
  local old = has_ties() and redis.call('HGET', TIES, id)
  local history = redis.call('HGET', ATTEMPTS, id)
  local lease, worker = never_leased(priority, history), '-'
  local member = member_of(priority, entry_of(id, old), group_of(record))
  if redis.call('ZREM', SCHEDULED, member) + redis.call('ZREM', RETRYING, member) + redis.call('HDEL', BLOCKED, id) == 0 then
    local holder, token = unpack(holder_of and holder_of(id) or {})
    if holder then
      worker, lease = holder, parse_token(token)
      redis.call('HDEL', held_by(holder), id)
      if read_settings().is_limited then Limits.count_out(holder, { token }) end
      redis.call('HDEL', PROGRESS, id)
      redis.call('PUBLISH', held_by(holder), cjson.encode({ cancelled = id, token = token }))
    else
      leave_ghost(id, priority, old)
    end
  end
  end_cancelled({ id, cancelled_outcome(lease, worker, history, why) })
end

-- EXPIRING (sorted by time) has the jobs that are not to start after a time, until they start.
local EXPIRED = '{"reason":"expired"}'
