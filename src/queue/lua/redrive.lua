#!lua
-- Queues dead-lettered jobs again, with all their attempts before them; their failures stay in their history.
-- ARGV: queue, limit (1 to 1,000), then the ids to redrive, each once; none means the oldest `limit` ones.
-- Returns: { redriven, remaining in the dead letters, ids that are not there }: of the first of these only, when all of them have more bytes of
--   failures than one call may read (lib/bytes).
-- Promise: each job is in the dead letters or in its list, never in both. Refused when Redis is out of memory.
-- include lib/keys
-- include lib/bytes
-- include lib/history
-- include lib/conclude

local function group_of_dead (outcome) return string.match(outcome, '^%S+ %S+ %S+ %S+ %S+ %S+ @([^\n]*)') end

local limit, ids, missing, ready = tonumber(ARGV[2]), {}, {}, {}
local asked = ARGV[3] and { unpack(ARGV, 3) } or redis.call('ZRANGE', DLQ, 0, limit - 1)
local count, bytes = fitting(asked, { OUTCOMES }, MAX_READ)
if ARGV[3] then
  for i = 1, count do
    local known = redis.call('ZREM', DLQ, asked[i]) == 1
    local list = known and ids or missing
    list[#list + 1] = asked[i]
  end
elseif count > 0 then
  ids = { unpack(asked, 1, count) }
  redis.call('ZREM', DLQ, unpack(ids))
end
if #ids > 0 then
  local outcomes, history, ties = values_of(OUTCOMES, ids, bytes), {}, ties_of(ids)
  for i = 1, #ids do
    -- Without the empty line that ends an outcome's failures.
    history[#history + 1], history[#history + 2] = ids[i], '0 0\n' .. string.sub(errors_of(outcomes[i]), 1, -2)
    gather(ready, string.sub(outcomes[i], 2, 2), entry_of(ids[i], ties and ties[i]), group_of_dead(outcomes[i]))
  end
  redis.call('HDEL', OUTCOMES, unpack(ids))
  redis.call('HSET', ATTEMPTS, unpack(history))
  put(ready)
  count_up('redriven', #ids)
  emit('queued', ids)
  wake()
  conclude()
end
return { #ids, redis.call('ZCARD', DLQ), missing }
