-- exports Limits
-- include lib/token
-- include lib/turns
-- How many jobs of a queue may run, and how many may start. A hash, LIMITS, has what is used of that, only for a queue that is limited:
-- `running`, how many of its jobs workers hold, and `used_to`, up to when its rate is used (lib/rate). Every script that leases jobs, or takes
-- leased jobs from their worker, counts them here. The sweep counts anew: what an older version of the scripts did is not in it.
-- A queue without limits pays for them with two fields more in the read of its settings.
local Limits = {}
Limits.MAX_COUNTED = 1000 -- workers

-- How many jobs the workers of the queue hold; nil when there are too many workers.
function Limits.count_leased ()
  local workers, count = redis.call('ZRANGE', ACTIVE, 0, Limits.MAX_COUNTED), 0
  if #workers > Limits.MAX_COUNTED then return nil end
  for _, worker in ipairs(workers) do count = count + redis.call('HLEN', held_by(worker)) end
  return count
end

function Limits.recount ()
  if not read_settings().concurrency then return end
  local running = Limits.count_leased()
  if running then redis.call('HSET', LIMITS, 'running', running) end
end

-- Counts the jobs that run of each group, when they have not been counted before. Of many it takes some ms.
function Limits.count_in_held ()
  for _, worker in ipairs(redis.call('ZRANGE', ACTIVE, 0, Limits.MAX_COUNTED - 1)) do
    for _, token in ipairs(redis.call('HVALS', held_by(worker))) do
      local group = parse_token(token).group
      if group then redis.call('HINCRBY', GROUPS.running, group, 1) end
    end
  end
end

-- The settings are others than before.
function Limits.begin ()
  if not read_settings().concurrency then redis.call('HDEL', LIMITS, 'running') end
  if not read_settings().rate_limit then redis.call('HDEL', LIMITS, 'used_to') end
  Limits.recount()
  redis.call('UNLINK', GROUPS.running)
  if not Groups.rates() then redis.call('UNLINK', GROUPS.rates) end
  if Groups.counts() then Limits.count_in_held() end
  Groups.recheck()
end

function Limits.used (field) return tonumber(redis.call('HGET', LIMITS, field) or nil) end

-- How many more jobs may run.
function Limits.free_slots ()
  local concurrency = read_settings().concurrency
  return concurrency and math.max(0, concurrency - (Limits.used('running') or 0)) or math.huge
end

-- How many jobs may start now by the rate, and when more may.
function Limits.permits ()
  local rate = read_settings().rate_limit
  if not rate then return math.huge, nil end
  return Rate.permitted(rate, Limits.used('used_to'))
end

-- How many jobs of the queue may be leased now, and when more may if a rate alone forbids it, or nil.
function Limits.allowance ()
  local slots, allowed, more_at = Limits.free_slots(), Limits.permits()
  return math.min(slots, allowed), slots > 0 and allowed == 0 and more_at or nil
end

-- So many jobs have been leased; those of groups are in Groups.taken.
function Limits.count_in (count)
  local concurrency, rate = read_settings().concurrency, read_settings().rate_limit
  if concurrency then redis.call('HINCRBY', LIMITS, 'running', count) end
  if rate then redis.call('HSET', LIMITS, 'used_to', Rate.used_by(rate, Limits.used('used_to'), count)) end
  Groups.count_in()
end

-- These are no longer leased: what their worker held of each (lib/token).
function Limits.count_out (held)
  if #held == 0 then return end
  if read_settings().concurrency then redis.call('HINCRBY', LIMITS, 'running', -#held) end
  if not Groups.counts() then return end
  local groups, gone = {}, {}
  for _, token in ipairs(held) do
    local group = parse_token(token).group
    if group then
      if not gone[group] then groups[#groups + 1] = group end
      gone[group] = (gone[group] or 0) + 1
    end
  end
  Groups.count_out(groups, gone)
end

-- How many of so many ready jobs can be leased now, at the most, and when more can be if a rate says so.
function Limits.available (ready)
  Groups.awake_due()
  local allowed, more_at = Limits.allowance()
  if allowed > 0 and not Turns.is_any_awake() then return 0, Groups.next_awake() end
  return math.min(ready, allowed), more_at
end

-- What the sweep does. Returns whether there is more of it.
function Limits.upkeep ()
  Limits.recount()
  local rechecked, forgetting = Groups.recheck(), Groups.forget_rates()
  return rechecked or forgetting
end
