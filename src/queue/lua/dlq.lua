#!lua flags=allow-oom
-- A page of the dead letters, newest first.
-- ARGV: queue, limit (1 to 1,000), and to go on: the time (ms) and id of the last job of the page before.
-- Returns: { { { id, row of lib/view }, … }, { time, id } of the last one when there are more, or nil }. A page ends early,
--   with at least one job, when its records reach BYTES.
-- Promise: a page goes on exactly where the last one ended, also when that job has been redriven since.
-- include lib/keys
-- include lib/view
local BYTES = 4 * 1024 * 1024
local start = 0
if ARGV[3] then
  local time, id = ARGV[3], ARGV[4]
  local mark = id .. ' ' -- stands right before the id for a moment, to find the rank whether the id is still there or not
  redis.call('ZADD', DLQ, time, mark)
  start = redis.call('ZREVRANK', DLQ, mark)
  redis.call('ZREM', DLQ, mark)
  if redis.call('ZSCORE', DLQ, id) == time then start = start + 1 end
end
local limit = tonumber(ARGV[2])
local ids = redis.call('ZREVRANGE', DLQ, start, start + limit, 'WITHSCORES') -- one more than asked for
local rows, bytes, last = {}, 0, false
for i = 1, math.min(#ids, 2 * limit), 2 do
  local row = view(ids[i])
  rows[#rows + 1] = { ids[i], row }
  bytes = bytes + #row[1] + #row[2]
  if ids[i + 2] and (bytes >= BYTES or #rows == limit) then
    last = { ids[i + 1], ids[i] }
    break
  end
end
return { rows, last }
