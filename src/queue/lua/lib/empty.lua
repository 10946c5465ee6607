-- exports is_empty, forget_queue
-- include lib/keys
-- Names come from clients: a queue of which nothing is left is forgotten, with its totals.
local function is_empty ()
  return redis.call('EXISTS', LISTS.h, LISTS.n, LISTS.l, SCHEDULED, RETRYING, ACTIVE, IDLE, COMPLETED, DLQ, CANCELLED, SETTINGS, BLOCKED) == 0
end

local function forget_queue ()
  redis.call('SREM', QUEUES, QUEUE)
  redis.call('ZREM', SWEEPS, QUEUE)
  redis.call('DEL', STATS, TIES, LEFT, JOURNAL, SWEPT)
end
