-- exports outcome_head, forget, bury, drop_completed, leave_completed, trim_completed, trim
-- include lib/history
-- include lib/parents
-- include lib/token
-- OUTCOMES holds, for a job that has ended, `<c|f|x><priority> <attempt> <lost> <started_ms> <took_ms> <worker>\n`, its
-- failures a line each, an empty line and, when it completed, its result, or, when it was cancelled, why (JSON). A job that was cancelled
-- before it started has 0 for started_ms, so that took_ms is when it ended, and `-` for its worker. Behind the worker of a dead letter stands
-- its group, if it has one, as ` @<group>`.
-- A clock that was set back makes no negative time.
local function outcome_head (letter, lease, worker)
  return letter .. lease.priority .. ' ' .. lease.attempt .. ' ' .. lease.lost .. ' ' .. lease.at .. ' ' .. math.max(0, NOW - lease.at) .. ' ' .. worker .. '\n'
end

-- What a child may still want to read stays until it has ended, unless it is to be forgotten `at_once`.
local function forget (ids, at_once)
  untie(ids)
  if not at_once then ids = unneeded(ids) end
  if #ids == 0 then return end
  redis.call('HDEL', JOBS, unpack(ids))
  redis.call('HDEL', OUTCOMES, unpack(ids))
  forget_logs(ids)
end

-- Dead-letters one job that no worker holds any more.
local function bury (id, lease, worker, errors)
  local owner = lease.group and worker .. ' @' .. lease.group or worker
  redis.call('HSET', OUTCOMES, id, outcome_head('f', lease, owner) .. errors .. '\n')
  redis.call('HDEL', ATTEMPTS, id)
  redis.call('ZADD', DLQ, NOW, id)
  ended({ id }, 'f')
end

-- Takes the `count` oldest out of COMPLETED and forgets them, but not those that have left it already (leave_completed). Returns how
-- many are forgotten.
local function drop_completed (count, at_once)
  local ids = redis.call('LPOP', COMPLETED, count)
  if redis.call('EXISTS', LEFT) == 1 then
    local left, there, kept = redis.call('HMGET', LEFT, unpack(ids)), {}, 0
    for i = 1, #ids do
      local times = left[i] and redis.call('HGET', LEFT, ids[i])
      if times then
        if times == '1' then redis.call('HDEL', LEFT, ids[i]) else redis.call('HINCRBY', LEFT, ids[i], -1) end
      else
        there[#there + 1] = ids[i]
      end
    end
    redis.call('HINCRBY', STATS, 'ghosts_c', #there - #ids)
    ids = there
  end
  if #ids > 0 then forget(ids, at_once) end
  return #ids
end

-- A completed job is retried or deleted. Its place in the list stays, as in the ready lists.
local function leave_completed (id)
  redis.call('HINCRBY', LEFT, id, 1)
  redis.call('HINCRBY', STATS, 'ghosts_c', 1)
end

-- Keeps at most `max` of `count` completed jobs, the newest.
local function trim_completed (count, max)
  local over = math.min(count - max, MAX_ITEMS)
  if over > 0 then drop_completed(over) end
end

-- Keeps at most `max` jobs in DLQ or CANCELLED, the newest.
local function trim (ended, max)
  local over = math.min(redis.call('ZCARD', ended) - max, MAX_ITEMS)
  if over <= 0 then return end
  local dropped = redis.call('ZRANGE', ended, 0, over - 1)
  redis.call('ZREMRANGEBYRANK', ended, 0, over - 1)
  forget(dropped)
end
