-- include lib/history
-- include lib/token
-- OUTCOMES holds, for a job that has ended, `<c|f><priority> <attempt> <lost> <started_ms> <took_ms> <worker>\n`, its
-- failures a line each, an empty line and, when it completed, its result.
-- A clock that was set back makes no negative time.
local function outcome_head (letter, lease, worker)
  return letter .. lease.priority .. ' ' .. lease.attempt .. ' ' .. lease.lost .. ' ' .. lease.at .. ' ' .. math.max(0, NOW - lease.at) .. ' ' .. worker .. '\n'
end

local function forget (ids)
  redis.call('HDEL', JOBS, unpack(ids))
  redis.call('HDEL', OUTCOMES, unpack(ids))
end

-- Dead-letters one job that no worker holds any more.
local function bury (id, lease, worker, errors)
  redis.call('HSET', OUTCOMES, id, outcome_head('f', lease, worker) .. errors .. '\n')
  redis.call('HDEL', ATTEMPTS, id)
  redis.call('ZADD', DLQ, NOW, id)
end

-- Keeps at most `max` of `count` completed jobs, the newest.
local function trim_completed (count, max)
  local over = math.min(count - max, MAX_ITEMS)
  if over > 0 then forget(redis.call('LPOP', COMPLETED, over)) end
end

-- Keeps at most `max` dead jobs, the newest.
local function trim_dlq (max)
  local over = math.min(redis.call('ZCARD', DLQ) - max, MAX_ITEMS)
  if over <= 0 then return end
  local dropped = redis.call('ZRANGE', DLQ, 0, over - 1)
  redis.call('ZREMRANGEBYRANK', DLQ, 0, over - 1)
  forget(dropped)
end
