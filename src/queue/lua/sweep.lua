#!lua flags=allow-oom
-- One bounded step of upkeep: promotes due jobs, cancels those that have expired, takes back leases that ran out, drops ghosts (lib/ghosts), forgets what has been kept long enough.
-- ARGV: queue, interval_ms (it is not swept more often: see due.lua), max_lost, completed and cancelled jobs' retention_ms, dead jobs' retention_ms, completed and as many cancelled jobs to keep, dead jobs to keep.
-- Returns: { promoted, recovered, dead-lettered, forgotten, 1 when there is more to do at once or 0 }.
-- Promises: a job whose lease ran out goes back to the head of its list with lost + 1 or, at max_lost, to the dead
--   letters; each step touches at most MAX_ITEMS jobs of each kind; a queue that holds nothing any more and has no settings is forgotten; SWEEPS says
--   when the next step is due. Runs when Redis is out of memory.
-- include lib/keys
-- include lib/finish
-- include lib/ghosts
-- include lib/tidy
-- include lib/conclude

local interval_ms, max_lost = tonumber(ARGV[2]), tonumber(ARGV[3])
local completed_ms, dead_ms = tonumber(ARGV[4]), tonumber(ARGV[5])
local keep_completed, keep_dead = tonumber(ARGV[6]), tonumber(ARGV[7])
local LOST = '{"reason":"lost_lease","message":"The lease ran out: the worker stopped renewing it."}'

-- One worker whose leases have run out: up to half of MAX_ITEMS of what it held. Returns how many jobs went back, how many
-- were buried, and whether there was such a worker.
local function recover ()
  local worker = redis.call('ZRANGEBYSCORE', ACTIVE, '-inf', NOW, 'LIMIT', 0, 1)[1]
  if not worker then return 0, 0, false end
  -- Not HSCAN, which finds nothing when the hash is large and has become sparse.
  local held = redis.call('HRANDFIELD', held_by(worker), MAX_ITEMS / 2, 'WITHVALUES')
  local back, buried, ready, tokens = {}, {}, {}, {}
  for i = 1, #held, 2 do
    local id, lease = held[i], parse_token(held[i + 1])
    local history = redis.call('HGET', ATTEMPTS, id)
    local errors = add_error(errors_of(history), lease.attempt, worker, LOST)
    local gone = { priority = lease.priority, attempt = lease.attempt - 1, lost = lease.lost + 1, at = lease.at, group = lease.group }
    tokens[#tokens + 1] = held[i + 1]
    if gone.lost >= max_lost then
      bury(id, gone, worker, errors)
      buried[#buried + 1] = id
    else
      redis.call('HSET', ATTEMPTS, id, gone.attempt .. ' ' .. gone.lost .. '\n' .. errors)
      gather(ready, lease.priority, id .. lease.suffix, lease.group)
      back[#back + 1] = id
    end
    redis.call('HDEL', held_by(worker), id)
    redis.call('HDEL', PROGRESS, id)
  end
  put(ready, true)
  if read_settings().is_limited then special().limits.count_out(tokens) end
  if redis.call('EXISTS', held_by(worker)) == 0 then redis.call('ZREM', ACTIVE, worker) end
  count_up('lost', #back + #buried)
  count_up('failed', #buried)
  emit('queued', back, worker)
  emit('failed', buried, worker)
  return #back, #buried, true
end

-- Returns how many were forgotten, and how many entries that took.
local function forget_completed ()
  local ids = redis.call('LRANGE', COMPLETED, 0, MAX_ITEMS / 2 - 1)
  if #ids == 0 then return 0, 0 end
  local outcomes, old = redis.call('HMGET', OUTCOMES, unpack(ids)), {}
  for i = 1, #ids do
    local started, took = string.match(outcomes[i] or '', '^%S+ %d+ %d+ (%d+) (%d+)')
    if started and NOW - (started + took) < completed_ms then break end
    old[i] = ids[i]
  end
  if #old == 0 then return 0, 0 end
  return drop_completed(#old), #old
end

local function forget_ended (ended, kept_ms)
  local ids = redis.call('ZRANGEBYSCORE', ended, '-inf', NOW - kept_ms, 'LIMIT', 0, MAX_ITEMS / 2)
  if #ids == 0 then return 0 end
  redis.call('ZREM', ended, unpack(ids))
  forget(ids)
  return #ids
end

-- Of workers that crash while they are idle nothing else is left.
local function drop_old_notes ()
  for _ = 1, MAX_WAKES do
    local oldest = redis.call('LINDEX', IDLE, 0)
    if not oldest or NOW <= tonumber(string.match(oldest, '%d+$')) then return end
    redis.call('LPOP', IDLE)
  end
end

-- Whoever sweeps the queue of deliveries relays what is in OUTBOX (lib/outbox) before; if it is still there, or again, that is to be done soon.
local function is_to_relay () return QUEUE == DELIVERIES and redis.call('EXISTS', OUTBOX) == 1 end

-- Names come from clients: a queue of which nothing is left is forgotten, with its totals.
local function is_empty ()
  return redis.call('EXISTS', LISTS.h, LISTS.n, LISTS.l, SCHEDULED, RETRYING, ACTIVE, IDLE, COMPLETED, DLQ, CANCELLED, SETTINGS, BLOCKED) == 0
end

local function forget_queue ()
  redis.call('SREM', QUEUES, QUEUE)
  redis.call('ZREM', SWEEPS, QUEUE)
  redis.call('DEL', STATS, TIES, LEFT, JOURNAL, SWEPT)
end

-- When there is something to do again: a lease ends, a job is due, or idle workers are to be handed what somebody pushed past us.
local function plan_next (unsettled)
  local ends = tonumber(redis.call('ZRANGE', ACTIVE, 0, 0, 'WITHSCORES')[2])
  local look = (unsettled or redis.call('EXISTS', IDLE) == 1) and NOW
  local rest = math.min(MAX_REST_MS, completed_ms, dead_ms)
  local expires = tonumber(redis.call('ZRANGE', EXPIRING, 0, 0, 'WITHSCORES')[2])
  local soonest = math.min(ends or math.huge, expires or math.huge, next_due() or math.huge, look or math.huge, NOW + rest)
  redis.call('ZADD', SWEEPS, math.max(soonest, NOW + interval_ms), QUEUE)
end

-- Cancels jobs that have not started in time.
local function expire ()
  local ids, gone = redis.call('ZRANGEBYSCORE', EXPIRING, '-inf', NOW, 'LIMIT', 0, MAX_ITEMS / 2), {}
  if #ids == 0 then return 0 end
  local records, outcomes = redis.call('HMGET', JOBS, unpack(ids)), redis.call('HMGET', OUTCOMES, unpack(ids))
  for i, id in ipairs(ids) do
    if records[i] and not outcomes[i] then
      cancel(id, records[i], EXPIRED, true)
      gone[#gone + 1] = id
    end
  end
  redis.call('ZREM', EXPIRING, unpack(ids))
  emit('cancelled', gone)
  return #ids
end

local expired = expire()
local promoted = promote()
local recovered, buried, found = recover()
local completed, looked_at = forget_completed()
local dead, cancelled = forget_ended(DLQ, dead_ms), forget_ended(CANCELLED, completed_ms)
trim_completed(redis.call('LLEN', COMPLETED), keep_completed)
trim(DLQ, keep_dead)
trim(CANCELLED, keep_completed)
drop_old_notes()
local ghosts_left = drop_ghosts()
local unsettled_limits = (read_settings().is_limited or read_settings().grouped) and special().limits.upkeep()
wake()
resume_settling()
conclude()
local unsettled = redis.call('EXISTS', SETTLING) == 1
local tidying = tidy_journal()
if read_settings().grouped then special().turns.forget() end
local to_relay = is_to_relay()
if not to_relay and is_empty() then forget_queue() else plan_next(unsettled or to_relay) end
local more = tidying or ghosts_left or unsettled_limits or unsettled or promoted >= MAX_ITEMS or expired >= MAX_ITEMS / 2 or found or looked_at >= MAX_ITEMS / 2 or dead >= MAX_ITEMS / 2 or cancelled >= MAX_ITEMS / 2 or redis.call('ZCARD', CANCELLED) > keep_completed
return { promoted, recovered, buried, completed + dead + cancelled, more and 1 or 0 }
