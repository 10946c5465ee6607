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
-- include lib/bytes
-- include lib/conclude

local interval_ms, max_lost = tonumber(ARGV[2]), tonumber(ARGV[3])
local completed_ms, dead_ms = tonumber(ARGV[4]), tonumber(ARGV[5])
local keep_completed, keep_dead = tonumber(ARGV[6]), tonumber(ARGV[7])
local LOST = '{"reason":"lost_lease","message":"The lease ran out: the worker stopped renewing it."}'

-- Of a remote worker's leases those that have run out: { id, token, … }. What is in the set of their ends and no longer held was cancelled.
local function lapsed (worker)
  local ids, held, gone = redis.call('ZRANGEBYSCORE', until_of(worker), '-inf', NOW, 'LIMIT', 0, MAX_ITEMS / 2), {}, {}
  if #ids == 0 then return held end
  for i, token in ipairs(redis.call('HMGET', held_by(worker), unpack(ids))) do
    if token then held[#held + 1], held[#held + 2] = ids[i], token else gone[#gone + 1] = ids[i] end
  end
  if #gone > 0 then redis.call('ZREM', until_of(worker), unpack(gone)) end
  return held
end

-- One worker whose leases have run out: up to half of MAX_ITEMS of what it held, and fewer where their failures are large. Returns how many jobs went back, how many
-- were buried, and whether there was such a worker.
local function recover ()
  local worker = redis.call('ZRANGEBYSCORE', ACTIVE, '-inf', NOW, 'LIMIT', 0, 1)[1]
  if not worker then return 0, 0, false end
  -- Not HSCAN, which finds nothing when the hash is large and has become sparse.
  local held = is_remote(worker) and lapsed(worker) or redis.call('HRANDFIELD', held_by(worker), MAX_ITEMS / 2, 'WITHVALUES')
  local back, buried, ready, tokens, bytes = {}, {}, {}, {}, 0
  for i = 1, #held, 2 do
    if bytes >= MAX_READ then break end
    local id, lease = held[i], parse_token(held[i + 1])
    local history = redis.call('HGET', ATTEMPTS, id)
    bytes = bytes + #(history or '')
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
    if is_remote(worker) then redis.call('ZREM', until_of(worker), id) end
  end
  put(ready, true)
  if read_settings().is_limited then Limits.count_out(tokens) end
  if redis.call('EXISTS', held_by(worker)) == 0 then
    redis.call('ZREM', ACTIVE, worker)
    if is_remote(worker) then redis.call('DEL', until_of(worker)) end
  elseif is_remote(worker) then
    redis.call('ZADD', ACTIVE, redis.call('ZRANGE', until_of(worker), 0, 0, 'WITHSCORES')[2], worker)
  end
  count_up('lost', #back + #buried)
  count_up('failed', #buried)
  emit('queued', back, worker)
  emit('failed', buried, worker)
  return #back, #buried, true
end

-- How many of the completed jobs, from the oldest, have been kept long enough, and whether there may be more. Mostly it is not even the first.
local function count_old ()
  local count, step, bytes = 0, 1, 0
  while count < MAX_ITEMS / 2 and bytes < MAX_READ do
    local ids = redis.call('LRANGE', COMPLETED, count, math.min(count + step, MAX_ITEMS / 2) - 1)
    if #ids == 0 then return count, false end
    local fit, size = fitting(ids, { OUTCOMES }, MAX_READ - bytes)
    local outcomes = values_of(OUTCOMES, { unpack(ids, 1, fit) }, size)
    for i = 1, fit do
      local started, took = string.match(outcomes[i] or '', '^%S+ %d+ %d+ (%d+) (%d+)')
      if started and NOW - (started + took) < completed_ms then return count, false end
      count = count + 1
    end
    step, bytes = 2 * step, bytes + size
  end
  return count, true
end

-- Returns how many were forgotten, and whether there may be more to forget.
local function forget_completed ()
  local count, more = count_old()
  return count > 0 and drop_completed(count) or 0, more
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

-- Cancels jobs that have not started in time. Returns whether there may be more.
local function expire ()
  local ids, gone = redis.call('ZRANGEBYSCORE', EXPIRING, '-inf', NOW, 'LIMIT', 0, MAX_ITEMS / 2), {}
  if #ids == 0 then return false end
  local count, bytes = fitting(ids, { JOBS, ATTEMPTS }, MAX_READ)
  local more = count < #ids or count >= MAX_ITEMS / 2
  ids = { unpack(ids, 1, count) }
  local records = values_of(JOBS, ids, bytes)
  for i, id in ipairs(ids) do
    if records[i] and redis.call('HEXISTS', OUTCOMES, id) == 0 then
      cancel(id, records[i], EXPIRED)
      gone[#gone + 1] = id
    end
  end
  redis.call('ZREM', EXPIRING, unpack(ids))
  emit('cancelled', gone)
  return more
end

local more_expired = expire()
local promoted = promote()
local recovered, buried, found = recover()
local completed, more_completed = forget_completed()
local dead, cancelled = forget_ended(DLQ, dead_ms), forget_ended(CANCELLED, completed_ms)
trim_completed(redis.call('LLEN', COMPLETED), keep_completed)
trim(DLQ, keep_dead)
trim(CANCELLED, keep_completed)
drop_old_notes()
local ghosts_left = drop_ghosts()
local unsettled_limits = (read_settings().is_limited or read_settings().grouped) and Limits.upkeep()
wake()
resume_settling()
conclude()
local unsettled = redis.call('EXISTS', SETTLING) == 1
local tidying = tidy_journal()
if read_settings().grouped then Turns.forget() end
local to_relay = is_to_relay()
if not to_relay and is_empty() then forget_queue() else plan_next(unsettled or to_relay) end
local more = tidying or ghosts_left or unsettled_limits or unsettled or promoted >= MAX_ITEMS or more_expired or found or more_completed or dead >= MAX_ITEMS / 2 or cancelled >= MAX_ITEMS / 2 or redis.call('ZCARD', CANCELLED) > keep_completed
return { promoted, recovered, buried, completed + dead + cancelled, more and 1 or 0 }
