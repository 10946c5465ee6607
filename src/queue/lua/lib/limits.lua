-- exports Limits
-- include lib/token
-- include lib/turns
-- How many jobs of a queue may run, and how many may start. A hash, LIMITS, has what is used of that, only for a queue that is limited:
-- `running`, how many of its jobs workers hold, and `used_to`, up to when its rate is used (lib/rate). Every script that leases jobs, or takes
-- leased jobs from their worker, counts them here, and lib/upkeep counts them anew.
-- A queue without limits pays for them with two fields more in the read of its settings.
local Limits = {}

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

-- A worker has been leased so many jobs; those of groups are in Groups.taken.
function Limits.count_in (worker, count)
  local concurrency, rate = read_settings().concurrency, read_settings().rate_limit
  if concurrency then redis.call('HINCRBY', LIMITS, 'running', count) end
  if rate then redis.call('HSET', LIMITS, 'used_to', Rate.text_of(Rate.used_by(rate, Limits.used('used_to'), count))) end
  Groups.count_in(worker)
end

-- These are no longer leased: what their worker held of each (lib/token).
function Limits.count_out (worker, held)
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
  Groups.count_out(worker, groups, gone)
end

-- How many of so many ready jobs can be leased now, at the most, and when more can be if a rate says so.
function Limits.available (ready)
  Groups.awake_due()
  local allowed, more_at = Limits.allowance()
  if allowed > 0 and not Turns.is_any_awake() then return 0, Groups.next_awake() end
  return math.min(ready, allowed), more_at
end
