-- exports time_of, next_due, promote
-- include lib/emit
-- include lib/ties
-- include lib/ready
-- SCHEDULED and RETRYING are sorted by due time; a member is that of lib/ties.

-- `+<ms from now>` or a time in ms, as a time; nil when it is neither.
local function time_of (text)
  return string.sub(text, 1, 1) == '+' and NOW + tonumber(string.sub(text, 2)) or tonumber(text)
end

-- When the next job of either is due, ms; false when none waits.
local function next_due ()
  local first, retry = redis.call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')[2], redis.call('ZRANGE', RETRYING, 0, 0, 'WITHSCORES')[2]
  if first and retry then return math.min(first, retry) end
  return tonumber(first or retry) or false
end

-- Moves up to MAX_ITEMS jobs of one of them whose time has come to the tails of their lists. Returns how many, and
-- when the next is due (ms, false when none waits).
local function promote_from (waiting)
  local first = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')
  if not first[1] then return 0, false end
  if tonumber(first[2]) > NOW then return 0, tonumber(first[2]) end
  local due = redis.call('ZRANGEBYSCORE', waiting, '-inf', NOW, 'LIMIT', 0, MAX_ITEMS)
  local ready, ids = {}, {}
  for i = 1, #due do
    gather(ready, parse_member(due[i]))
    ids[i] = id_of_member(due[i])
  end
  redis.call('ZREMRANGEBYRANK', waiting, 0, #due - 1)
  put(ready)
  emit('queued', ids)
  local next_due = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')[2]
  return #due, next_due and tonumber(next_due) or false
end

-- Returns how many became ready and the next due time of both.
local function promote ()
  local retried, a = promote_from(RETRYING)
  local started, b = promote_from(SCHEDULED)
  return retried + started, a and b and math.min(a, b) or a or b
end
