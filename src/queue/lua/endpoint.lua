#!lua flags=allow-oom
-- How an endpoint, to which deliveries go, is doing: it is slowed while it fails, for all processes.
-- KEYS: endpoint (hash; forgotten when nothing has come of it for some time). ARGV:
--   `begin`: may a delivery be made now? Returns { now, for how many ms not or 0, since when it has been failing or 0 }, ms. Of an endpoint
--     that fails one may try each time that is over.
--   `ok`, status, seconds for which that is to be known or 0.
--   `failed`, status or '', why, ms for which it asked to be left alone (Retry-After) or 0, seconds for which that is to be known, ms of
--     failing after which it is given up, when the delivery began (the `now` of its `begin`). Returns 1 when it is to be given up, else 0.
--     Many are under way at a time and fail together: those that began before the pause that is known say nothing that is not known, and
--     neither count nor make it longer, but for what they ask themselves.
-- Promise: a handful of commands. Runs when Redis is out of memory.
local TIME = redis.call('TIME')
local NOW = TIME[1] * 1000 + math.floor(TIME[2] / 1000)
local SLOWED_AFTER, GIVEN_UP_AFTER = 5, 10 -- failures in a row
local FIRST_PAUSE_MS, MAX_PAUSE_MS, TRY_MS = 10000, 3600000, 30000
local key, act = KEYS[1], {}

function act.begin ()
  local known = redis.call('HMGET', key, 'closed_to', 'failures', 'failing_since')
  local closed_to, failures, since = tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[3] or 0)
  if NOW < closed_to then return { NOW, closed_to - NOW, since } end
  -- Until it is known how that goes nobody else tries.
  if failures >= SLOWED_AFTER then redis.call('HSET', key, 'closed_to', string.format('%d', NOW + TRY_MS)) end
  return { NOW, 0, since }
end

function act.ok (status, kept_s)
  if kept_s == '0' then return redis.call('DEL', key) end
  redis.call('HDEL', key, 'failures', 'failing_since', 'closed_to', 'paused_at', 'last_error')
  redis.call('HSET', key, 'last_status', status, 'last_at', string.format('%d', NOW))
  return redis.call('EXPIRE', key, kept_s)
end

function act.failed (status, why, wait_ms, kept_s, give_up_ms, began)
  local known = redis.call('HMGET', key, 'failures', 'paused_at', 'closed_to')
  local is_news = not known[2] or tonumber(began) > tonumber(known[2])
  local failures = tonumber(known[1] or 0) + (is_news and 1 or 0)
  redis.call('HSETNX', key, 'failing_since', string.format('%d', NOW))
  redis.call('HSET', key, 'failures', failures, 'last_status', status, 'last_error', why, 'last_at', string.format('%d', NOW))
  local pause = tonumber(wait_ms)
  if is_news and failures >= SLOWED_AFTER then pause = math.max(pause, math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ^ math.min(20, failures - SLOWED_AFTER))) end
  local closed_to = math.max(pause > 0 and NOW + pause or 0, not is_news and tonumber(known[3] or 0) or 0)
  if closed_to > 0 then redis.call('HSET', key, 'closed_to', string.format('%d', closed_to)) else redis.call('HDEL', key, 'closed_to') end
  if is_news and pause > 0 then redis.call('HSET', key, 'paused_at', string.format('%d', NOW)) end
  redis.call('EXPIRE', key, kept_s)
  return failures >= GIVEN_UP_AFTER and NOW - tonumber(redis.call('HGET', key, 'failing_since')) >= tonumber(give_up_ms) and 1 or 0
end

return act[ARGV[1]](unpack(ARGV, 2))
