-- include lib/finish
local MAX_HOLDERS = 1000

local function queue_of (record) return string.match(record, '^..............[:*]([^\n]*)') end

-- The worker that holds a job and under which token; of at most MAX_HOLDERS workers.
local function holder_of (id)
  for _, worker in ipairs(redis.call('ZREVRANGE', ACTIVE, 0, MAX_HOLDERS - 1)) do
    local token = redis.call('HGET', held_by(worker), id)
    if token then return worker, token end
  end
end

local function is_active (id) return holder_of(id) ~= nil end

-- Ends a job as cancelled that is in no place any more. `why` is JSON and stays with it.
local function end_cancelled (id, lease, worker, history, why)
  redis.call('HSET', OUTCOMES, id, outcome_head('x', lease, worker) .. errors_of(history) .. '\n' .. why)
  redis.call('HDEL', ATTEMPTS, id)
  redis.call('ZREM', EXPIRING, id)
  redis.call('ZADD', CANCELLED, NOW, id)
  count_up('cancelled', 1)
  ended({ id }, 'x')
end

local function never_leased (priority, history)
  local failed, lost = string.match(history or '0 0', '^(%d+) (%d+)')
  return { priority = priority, attempt = failed, lost = lost, at = 0 }
end

-- Cancels a job that has not ended, wherever it is, or one that only waits.
local function cancel (id, record, why, waits)
  local priority = string.sub(record, 14, 14)
  local old = has_ties() and redis.call('HGET', TIES, id)
  local history = redis.call('HGET', ATTEMPTS, id)
  local lease, worker = never_leased(priority, history), '-'
  local member = priority .. entry_of(id, old)
  if redis.call('ZREM', SCHEDULED, member) + redis.call('ZREM', RETRYING, member) + redis.call('HDEL', BLOCKED, id) == 0 then
    local holder, token
    if not waits then holder, token = holder_of(id) end
    if holder then
      worker, lease = holder, parse_token(token)
      redis.call('HDEL', held_by(holder), id)
      redis.call('HDEL', PROGRESS, id)
      redis.call('PUBLISH', held_by(holder), cjson.encode({ cancelled = id }))
    else
      leave_ghost(id, priority, old)
    end
  end
  end_cancelled(id, lease, worker, history, why)
end

-- EXPIRING (sorted by time) has the jobs that are not to start after a time, until they start.
local EXPIRED = '{"reason":"expired"}'
