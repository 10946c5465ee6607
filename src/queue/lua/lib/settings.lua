-- SETTINGS holds what scripts need to know of a queue's settings: `paused` (1), `max_length`, and `version` (of the rest, see
-- configure.lua). Read at most once a call and queue, and the key is not there when a queue has no settings.
local settings = {} -- by queue
local function read_settings ()
  if not settings[QUEUE] then settings[QUEUE] = redis.call('HMGET', SETTINGS, 'paused', 'max_length') end
  return settings[QUEUE]
end

local function is_paused () return read_settings()[1] == '1' end
