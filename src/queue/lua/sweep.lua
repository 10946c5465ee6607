#!lua flags=allow-oom
-- One bounded step of upkeep: promotes due jobs, cancels those that have expired, takes back leases that ran out, drops ghosts (lib/ghosts), forgets what has been kept long enough.
-- ARGV: queue, interval_ms (it is not swept more often: see due.lua), max_lost, completed and cancelled jobs' retention_ms, dead jobs' retention_ms, completed and as many cancelled jobs to keep, dead jobs to keep.
-- Returns: { promoted, recovered, dead-lettered, forgotten, 1 when there is more to do at once or 0 }.
-- Promises: a job whose lease ran out goes back to the head of its list with lost + 1 or, at max_lost, to the dead
--   letters; each step touches at most MAX_ITEMS jobs of each kind; a queue that holds nothing any more and has no settings is forgotten; SWEEPS says
--   when the next step is due. Runs when Redis is out of memory.
-- include lib/expire
-- include lib/recover
-- include lib/retention
-- include lib/ghosts
-- include lib/upkeep
-- include lib/conclude
-- include lib/tidy
-- include lib/empty

local interval_ms, max_lost = tonumber(ARGV[2]), tonumber(ARGV[3])
local completed_ms, dead_ms = tonumber(ARGV[4]), tonumber(ARGV[5])
local keep_completed, keep_dead = tonumber(ARGV[6]), tonumber(ARGV[7])

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

-- When there is something to do again: a lease ends, a job is due, or idle workers are to be handed what somebody pushed past us.
local function plan_next (unsettled)
  local ends = tonumber(redis.call('ZRANGE', ACTIVE, 0, 0, 'WITHSCORES')[2])
  local look = (unsettled or redis.call('EXISTS', IDLE) == 1) and NOW
  local rest = math.min(MAX_REST_MS, completed_ms, dead_ms)
  local expires = tonumber(redis.call('ZRANGE', EXPIRING, 0, 0, 'WITHSCORES')[2])
  local soonest = math.min(ends or math.huge, expires or math.huge, next_due() or math.huge, look or math.huge, NOW + rest)
  redis.call('ZADD', SWEEPS, math.max(soonest, NOW + interval_ms), QUEUE)
end

local more_expired = expire()
local promoted = promote()
local recovered, buried, found = recover(max_lost)
local completed, more_completed = forget_completed(completed_ms)
local dead, cancelled = forget_ended(DLQ, dead_ms), forget_ended(CANCELLED, completed_ms)
trim_completed(redis.call('LLEN', COMPLETED), keep_completed)
trim(DLQ, keep_dead)
trim(CANCELLED, keep_completed)
drop_old_notes()
local ghosts_left = drop_ghosts()
local unsettled_limits = Upkeep.step()
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
