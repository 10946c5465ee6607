-- SETTINGS holds what scripts need to know of a queue's settings: `paused` (1), `max_length`, `concurrency`, `rate_limit` (as lib/rate has it),
-- and `version` (of the rest, see configure.lua). Read at most once a call and queue, and the key is not there when a queue has no settings.
local settings = {} -- by queue
local function read_settings ()
  local known = settings[QUEUE]
  if not known then
    local values = redis.call('HMGET', SETTINGS, 'paused', 'max_length', 'concurrency', 'rate_limit')
    known = { is_paused = values[1] == '1', max_length = tonumber(values[2] or nil), concurrency = tonumber(values[3] or nil), rate_limit = values[4] }
    settings[QUEUE] = known
  end
  return known
end

local function is_paused () return read_settings().is_paused end
