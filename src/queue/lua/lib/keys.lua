-- Every script gets the same KEYS, in the order of src/queue/keys.ts, and the queue's name as ARGV[1].
-- Some are derived here, which share the hash tag of the declared ones. Of each queue: ACTIVE:<worker>, the hash of what one worker
-- holds (id -> lease token), whose name is also the channel on which that worker is handed jobs; and what only some queues have, BLOCKED,
-- UNIQUE<hash>, LIMITS, and those of groups (lib/ready, lib/groups). Of all queues: PARENTS, CHILDREN<id> and SETTLING (lib/parents), LOGS and LOGS:<id> (lib/logs),
-- OUTBOX, OUTBOX_AT, LOST_EVENTS and WANTED (lib/outbox). And those of another queue (`enter`).
local JOBS, OUTCOMES, ATTEMPTS, PROGRESS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local QUEUES, SWEEPS, EVENTS = KEYS[15], KEYS[16], KEYS[21]
local KEY_PREFIX = string.sub(QUEUES, 1, -1 - #'queues')
local PARENTS, CHILDREN, SETTLING = KEY_PREFIX .. 'parents', KEY_PREFIX .. 'children:', KEY_PREFIX .. 'settling'
local LOGS = KEY_PREFIX .. 'logs'
local OUTBOX, OUTBOX_AT, LOST_EVENTS, WANTED = KEY_PREFIX .. 'outbox', KEY_PREFIX .. 'outbox:at', KEY_PREFIX .. 'outbox:lost', KEY_PREFIX .. 'webhooks:wanted'

-- The queue that the script works in, and its keys.
local QUEUE, LISTS, SCHEDULED, RETRYING, ACTIVE, IDLE, COMPLETED, DLQ, STATS
local CANCELLED, TIES, LEFT, SETTINGS, EXPIRING, JOURNAL, SWEPT, BLOCKED, UNIQUE, LIMITS
local GROUPS -- keys: lib/special
local function use (queue, keys)
  QUEUE = queue
  LISTS = { h = keys[5], n = keys[6], l = keys[7] }
  SCHEDULED, RETRYING, ACTIVE, IDLE = keys[8], keys[9], keys[10], keys[11]
  COMPLETED, DLQ, STATS = keys[12], keys[13], keys[14]
  CANCELLED, TIES, LEFT, SETTINGS, EXPIRING, JOURNAL, SWEPT = keys[17], keys[18], keys[19], keys[20], keys[22], keys[23], keys[24]
  BLOCKED, UNIQUE, LIMITS, GROUPS = keys[6] .. ':blocked', keys[6] .. ':unique:', nil, nil
end
use(ARGV[1], KEYS)

-- Goes on in another queue.
local function enter (queue)
  if queue == QUEUE then return end
  if queue == ARGV[1] then return use(queue, KEYS) end
  local base, keys = KEY_PREFIX .. (queue == 'default' and 'job_queue' or 'queue:' .. queue), {}
  for i = 1, #KEYS do keys[i] = base .. string.sub(KEYS[i], #KEYS[6] + 1) end
  use(queue, keys)
end

local PRIORITIES = { 'h', 'n', 'l' }
local MAX_ITEMS = 1000 -- no script touches more jobs than this in one call
local MAX_RECORD = 4 * 1024 * 1024 -- no job is larger: what the API takes is not, a foreign list entry that is gets refused

-- The one clock of the system, in milliseconds: 13 digits, which `..` and cjson write out whole.
local TIME = redis.call('TIME')
local NOW = TIME[1] * 1000 + math.floor(TIME[2] / 1000)

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
