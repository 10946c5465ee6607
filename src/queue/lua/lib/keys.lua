-- exports JOBS, OUTCOMES, ATTEMPTS, PROGRESS, QUEUES, SWEEPS, EVENTS, PARENTS, CHILDREN, SETTLING, LOGS, OUTBOX, OUTBOX_AT, LOST_EVENTS, WANTED
-- exports QUEUE, LISTS, SCHEDULED, RETRYING, ACTIVE, IDLE, COMPLETED, DLQ, STATS, CANCELLED, TIES, LEFT, SETTINGS, EXPIRING, JOURNAL, SWEPT
-- exports BLOCKED, UNIQUE, LIMITS, GROUPS, PRIORITIES, enter, held_by, MAX_REST_MS, sweep_at, count_up
-- include lib/call
-- Each function that works in a queue gets that queue's list as KEYS[1] and its name as ARGV[1]; what it needs besides stands behind these.
-- All keys of queues are derived of the list's here, as src/queue/keys.ts spells them, and have its hash tag: to send two dozen of them takes
-- as long as the rest of a small call. There are also ACTIVE:<worker>, the hash of what one worker holds (id -> lease token), whose name is
-- also the channel on which that worker is handed jobs; UNIQUE<hash>, CHILDREN<id> and LOGS:<id>.

-- Of all queues.
local JOBS, OUTCOMES, ATTEMPTS, PROGRESS, QUEUES, SWEEPS, EVENTS, PARENTS, CHILDREN, SETTLING, LOGS, OUTBOX, OUTBOX_AT, LOST_EVENTS, WANTED

-- Of the queue in which the function works.
local QUEUE, LISTS, SCHEDULED, RETRYING, ACTIVE, IDLE, COMPLETED, DLQ, STATS, CANCELLED, TIES, LEFT, SETTINGS, EXPIRING, JOURNAL, SWEPT
local BLOCKED, UNIQUE, LIMITS, GROUPS

local PRIORITIES = { 'h', 'n', 'l' }

local MAX_KNOWN = 1000
local known, known_count = {}, 0 -- the keys of queues, by their list
local prefix

local function list_of (queue) return queue == 'default' and 'job_queue' or 'queue:' .. queue end

local function shared_by (all)
  return {
    all .. 'jobs', all .. 'outcomes', all .. 'attempts', all .. 'progress', all .. 'queues', all .. 'sweeps', all .. 'events',
    all .. 'parents', all .. 'children:', all .. 'settling', all .. 'logs',
    all .. 'outbox', all .. 'outbox:at', all .. 'outbox:lost', all .. 'webhooks:wanted'
  }
end

local function owned_by (list)
  return {
    list .. ':scheduled', list .. ':retrying', list .. ':active', list .. ':idle', list .. ':completed', list .. ':dlq', list .. ':stats',
    list .. ':cancelled', list .. ':ties', list .. ':completed:left', list .. ':settings', list .. ':expiring', list .. ':journal',
    list .. ':journal:swept', list .. ':blocked', list .. ':unique:', list .. ':limits'
  }
end

local function groups_in (list)
  return {
    turns = { h = list .. ':turns:h', n = list .. ':turns:n', l = list .. ':turns:l' },
    heads = { h = list .. ':heads:h', n = list .. ':heads:n', l = list .. ':heads:l' },
    behind = { h = list .. ':behind:h', n = list .. ':behind:n', l = list .. ':behind:l' }, list = list .. ':group:',
    asleep = list .. ':asleep', running = list .. ':running', counting = list .. ':running:counting', rates = list .. ':rates', overrides = list .. ':overrides'
  }
end

local function keys_of (list)
  local keys = known[list]
  if not keys then
    if known_count >= MAX_KNOWN then known, known_count = {}, 0 end
    keys = { lists = { h = list .. ':high', n = list, l = list .. ':low' }, own = owned_by(list), groups = groups_in(list) }
    known[list], known_count = keys, known_count + 1
  end
  return keys
end

local function use (list, queue)
  local keys = keys_of(list)
  QUEUE, LISTS, GROUPS = queue, keys.lists, keys.groups
  SCHEDULED, RETRYING, ACTIVE, IDLE, COMPLETED, DLQ, STATS,
    CANCELLED, TIES, LEFT, SETTINGS, EXPIRING, JOURNAL,
    SWEPT, BLOCKED, UNIQUE, LIMITS = unpack(keys.own)
end

-- Goes on in another queue.
local function enter (queue)
  if queue ~= QUEUE then use(prefix .. list_of(queue), queue) end
end

at_start(function ()
  local list, queue = KEYS[1], ARGV[1]
  local all = string.sub(list, 1, -1 - #list_of(queue))
  if all ~= prefix then
    prefix = all
    JOBS, OUTCOMES, ATTEMPTS, PROGRESS, QUEUES, SWEEPS, EVENTS,
      PARENTS, CHILDREN, SETTLING, LOGS,
      OUTBOX, OUTBOX_AT, LOST_EVENTS, WANTED = unpack(shared_by(all))
  end
  use(list, queue)
end)

local function held_by (worker) return ACTIVE .. ':' .. worker end

-- A queue wants a sweep at this time, or now and then: at the latest in MAX_REST_MS.
local MAX_REST_MS = 60000
local function sweep_at (time) redis.call('ZADD', SWEEPS, 'LT', math.min(time, NOW + MAX_REST_MS), QUEUE) end

local function count_up (field, by)
  if by > 0 then
    if redis.call('HINCRBY', STATS, field, by) == by then
      -- The first job ever makes the queue known to GET /queues and to the sweep.
      redis.call('SADD', QUEUES, QUEUE)
      sweep_at(NOW + MAX_REST_MS)
    end
  end
end
