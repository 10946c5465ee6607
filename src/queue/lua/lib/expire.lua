-- exports expire
-- include lib/cancel
-- include lib/bytes
-- Cancels jobs that have not started in time. Returns whether there may be more.
local function expire ()
  local ids, gone = redis.call('ZRANGEBYSCORE', EXPIRING, '-inf', NOW, 'LIMIT', 0, MAX_ITEMS / 2), {}
  if #ids == 0 then return false end
  local count, bytes = fitting(ids, { JOBS, ATTEMPTS }, MAX_READ)
  local more = count < #ids or count >= MAX_ITEMS / 2
  ids = { unpack(ids, 1, count) }
  local records = values_of(JOBS, ids, bytes)
  for i, id in ipairs(ids) do
    if records[i] and redis.call('HEXISTS', OUTCOMES, id) == 0 then
      cancel(id, records[i], EXPIRED)
      gone[#gone + 1] = id
    end
  end
  redis.call('ZREM', EXPIRING, unpack(ids))
  emit('cancelled', gone)
  return more
end
