#!lua flags=allow-oom
-- How an endpoint, to which deliveries go, is doing: it is slowed while it fails, for all processes.
-- KEYS: endpoint (hash; forgotten after KEPT_S without a delivery). ARGV:
--   `begin`: may a delivery be made now? Returns 0, or for how many ms not. Of an endpoint that fails one may try each time that is over.
--   `ok`, status.
--   `failed`, status or '', why, ms for which it asked to be left alone (Retry-After) or 0, ms of failing after which it is given up.
--     Returns 1 when it is to be given up, else 0.
-- Promise: a handful of commands. Runs when Redis is out of memory.
local TIME = redis.call('TIME')
local NOW = TIME[1] * 1000 + math.floor(TIME[2] / 1000)
local KEPT_S = 30 * 86400
local SLOWED_AFTER, GIVEN_UP_AFTER = 5, 10 -- failures in a row
local FIRST_PAUSE_MS, MAX_PAUSE_MS, TRY_MS = 10000, 3600000, 30000
local key, act = KEYS[1], {}
local function number (field) return tonumber(redis.call('HGET', key, field) or 0) end

function act.begin ()
  local closed_to = number('closed_to')
  if NOW < closed_to then return closed_to - NOW end
  -- Until it is known how that goes nobody else tries.
  if number('failures') >= SLOWED_AFTER then redis.call('HSET', key, 'closed_to', string.format('%d', NOW + TRY_MS)) end
  return 0
end

function act.ok (status)
  redis.call('HDEL', key, 'failures', 'failing_since', 'closed_to', 'last_error')
  redis.call('HSET', key, 'last_status', status, 'last_at', string.format('%d', NOW))
  redis.call('EXPIRE', key, KEPT_S)
  return 0
end

function act.failed (status, why, wait_ms, give_up_ms)
  local failures = redis.call('HINCRBY', key, 'failures', 1)
  redis.call('HSETNX', key, 'failing_since', string.format('%d', NOW))
  redis.call('HSET', key, 'last_status', status, 'last_error', why, 'last_at', string.format('%d', NOW))
  local pause = tonumber(wait_ms)
  if failures >= SLOWED_AFTER then pause = math.max(pause, math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ^ math.min(20, failures - SLOWED_AFTER))) end
  if pause > 0 then redis.call('HSET', key, 'closed_to', string.format('%d', NOW + pause)) else redis.call('HDEL', key, 'closed_to') end
  redis.call('EXPIRE', key, KEPT_S)
  return failures >= GIVEN_UP_AFTER and NOW - number('failing_since') >= tonumber(give_up_ms) and 1 or 0
end

return act[ARGV[1]](unpack(ARGV, 2))
