-- SETTINGS holds what scripts need to know of a queue's settings: `paused` (1), `max_length`, `concurrency`, `rate_limit` (as lib/rate has it),
-- `group_concurrency`, `group_rate_limit`, `group_overrides` (`c`, `r` or both: what some groups have of their own, see lib/groups),
-- `priority_aging` (ms), `grouped` (1: there may be ready jobs with a group), and `version` (of the rest, see configure.lua). Read at most once a call and queue, and the key is not there when a queue has no settings.
local settings = {} -- by queue
local function read_settings ()
  local known = settings[QUEUE]
  if not known then
    local values = redis.call('HMGET', SETTINGS, 'paused', 'max_length', 'concurrency', 'rate_limit', 'grouped', 'group_concurrency', 'group_rate_limit', 'group_overrides', 'priority_aging')
    known = {
      is_paused = values[1] == '1', max_length = tonumber(values[2] or nil), concurrency = tonumber(values[3] or nil), rate_limit = values[4],
      grouped = values[5] == '1', group_concurrency = tonumber(values[6] or nil), group_rate_limit = values[7], overrides = values[8],
      aging_ms = tonumber(values[9] or nil)
    }
    settings[QUEUE] = known
  end
  return known
end

local function is_paused () return read_settings().is_paused end
