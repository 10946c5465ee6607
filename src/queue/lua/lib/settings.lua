-- include lib/keys
-- exports read_settings, has_no_settings, is_paused, is_plain
-- SETTINGS holds what scripts need to know of a queue's settings: `paused` (1), `max_length`, `concurrency`, `rate_limit` (as lib/rate has it),
-- `group_concurrency`, `group_rate_limit`, `group_overrides` (`c`, `r` or both: what some groups have of their own, see lib/groups),
-- `priority_aging` (ms), `counted` (lib/upkeep), `limits` (there only if any of these is: 1, or 0 when it is but the ageing), `grouped` (1: there may be ready jobs with a group), and `version` (of the rest, see configure.lua). Read at most
-- once a call and queue, and the key is not there when a queue has no settings.
local settings -- by queue
at_start(function () settings = {} end)

local function read_settings ()
  local known = settings[QUEUE]
  if not known then
    local paused, max_length, grouped, limits = unpack(redis.call('HMGET', SETTINGS, 'paused', 'max_length', 'grouped', 'limits'))
    known = { is_paused = paused == '1', max_length = max_length and tonumber(max_length), grouped = grouped == '1' }
    if limits then
      local values = redis.call('HMGET', SETTINGS, 'concurrency', 'rate_limit', 'group_concurrency', 'group_rate_limit', 'group_overrides', 'priority_aging', 'counted')
      known.concurrency, known.rate_limit = tonumber(values[1] or nil), values[2]
      known.group_concurrency, known.group_rate_limit, known.overrides = tonumber(values[3] or nil), values[4], values[5]
      known.aging_ms, known.counted = tonumber(values[6] or nil), values[7] or nil
      known.is_limited = limits == '1'
    end
    settings[QUEUE] = known
  end
  return known
end

-- Whoever has seen that the key is not there says so, which saves a call.
local function has_no_settings () settings[QUEUE] = {} end

local function is_paused () return read_settings().is_paused end

-- Neither limits nor groups, and any number of jobs may wait.
local function is_plain ()
  local known = read_settings()
  return not (known.max_length or known.is_limited or known.grouped)
end
