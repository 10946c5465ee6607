-- Every script gets the same KEYS, in the order of src/queue/keys.ts, and the queue's name as ARGV[1].
-- One key is derived here: ACTIVE:<worker>, the hash of what one worker holds (id -> lease token); its name
-- is also the channel on which that worker is handed jobs. It shares the hash tag of the declared ones.
local JOBS, OUTCOMES, ATTEMPTS, PROGRESS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local LISTS = { h = KEYS[5], n = KEYS[6], l = KEYS[7] }
local SCHEDULED, RETRYING, ACTIVE, IDLE = KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local COMPLETED, DLQ, STATS = KEYS[12], KEYS[13], KEYS[14]
local QUEUES, SWEEPS = KEYS[15], KEYS[16] -- of all queues
local CANCELLED, TIES, LEFT = KEYS[17], KEYS[18], KEYS[19]
local SETTINGS = KEYS[20]
local EVENTS = KEYS[21] -- of all queues
local EXPIRING = KEYS[22]
local JOURNAL, SWEPT = KEYS[23], KEYS[24]
local QUEUE = ARGV[1]
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
