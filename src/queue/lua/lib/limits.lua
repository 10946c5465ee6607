-- include lib/settings
-- include lib/rate
-- How many jobs of a queue may run, and how many may start. A hash, LIMITS, has what is used of that, only for a queue that is limited:
-- `running`, how many of its jobs workers hold, and `used_to`, up to when its rate is used (lib/rate). Every script that leases jobs, or takes
-- leased jobs from their worker, counts them here. The sweep counts anew: what an older version of the scripts did is not in it.
-- A queue without limits pays for them with two fields more in the read of its settings.
local MAX_COUNTED = 1000 -- workers

-- How many jobs the workers of the queue hold; nil when there are too many workers.
local function count_leased ()
  local workers, count = redis.call('ZRANGE', ACTIVE, 0, MAX_COUNTED), 0
  if #workers > MAX_COUNTED then return nil end
  for _, worker in ipairs(workers) do count = count + redis.call('HLEN', held_by(worker)) end
  return count
end

local function recount ()
  if not read_settings().concurrency then return end
  local running = count_leased()
  if running then redis.call('HSET', LIMITS, 'running', running) end
end

-- The settings are others than before.
local function begin_counting ()
  if not read_settings().concurrency then redis.call('HDEL', LIMITS, 'running') end
  if not read_settings().rate_limit then redis.call('HDEL', LIMITS, 'used_to') end
  recount()
end

local function used (field) return tonumber(redis.call('HGET', LIMITS, field) or nil) end

-- How many more jobs may run.
local function free_slots ()
  local concurrency = read_settings().concurrency
  return concurrency and math.max(0, concurrency - (used('running') or 0)) or math.huge
end

-- How many jobs may start now by the rate, and when more may.
local function permits ()
  local rate = read_settings().rate_limit
  if not rate then return math.huge, nil end
  return permitted(rate, used('used_to'))
end

-- How many jobs of the queue may be leased now, and when more may if a rate alone forbids it, or nil.
local function allowance ()
  local slots, allowed, more_at = free_slots(), permits()
  return math.min(slots, allowed), slots > 0 and allowed == 0 and more_at or nil
end

-- So many jobs have been leased.
local function count_in (count)
  local concurrency, rate = read_settings().concurrency, read_settings().rate_limit
  if concurrency then redis.call('HINCRBY', LIMITS, 'running', count) end
  if rate then
    redis.call('HSET', LIMITS, 'used_to', used_by(rate, used('used_to'), count))
  end
end

-- So many are no longer leased.
local function count_out (count)
  if count > 0 and read_settings().concurrency then redis.call('HINCRBY', LIMITS, 'running', -count) end
end
