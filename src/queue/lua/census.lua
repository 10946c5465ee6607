#!lua flags=no-writes
-- Some queues in numbers and the live workers, at one moment: what a scrape of metrics asks.
-- KEYS, behind the first queue's: workers (hash, id -> JSON), workers:seen (zset by the time, in ms, until which a worker counts as live).
-- ARGV: at most 100 queues.
-- Returns: { what lib/numbers has of each queue in their order, JSON texts of at most 1,000 live workers }.
-- Active counts the jobs that 1,000 pairs of a worker and a queue hold; the oldest job is not sought behind more than 16 ghosts,
-- and of those with large records it is as old as its id says (lib/numbers).
-- include lib/numbers
local queues, left = {}, MAX_ITEMS
for i = 1, math.min(#ARGV, 100) do
  enter(ARGV[i])
  local found, seen = numbers(left, 16)
  queues[i], left = found, left - seen
end
local live = redis.call('ZRANGEBYSCORE', KEYS[3], NOW, '+inf', 'LIMIT', 0, MAX_ITEMS)
local texts = {}
for _, text in ipairs(#live > 0 and redis.call('HMGET', KEYS[2], unpack(live)) or {}) do
  if text then texts[#texts + 1] = text end
end
return { queues, texts }
