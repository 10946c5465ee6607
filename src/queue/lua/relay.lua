#!lua
-- Makes deliveries of what the head of OUTBOX says (lib/outbox), and takes that away.
-- ARGV: the queue of deliveries; the head's id and how far it has been done (`0`, or what the relay has noted), as they were read; how many entries are done now,
--   their ids, and how far the entry behind them; then for each delivery: id, record.
-- Returns: 1, or 0 when somebody else has gone on meanwhile, and nothing has changed.
-- Promises: each event is delivered to whom it concerns by one relay, whatever dies and however many relay. Refused when Redis is out of
--   memory; what waits in OUTBOX waits on. At most MAX_ITEMS deliveries and entries each.
-- include lib/keys
-- include lib/keep
local head, seen, count = ARGV[2], ARGV[3], tonumber(ARGV[4])
local first = redis.call('XRANGE', OUTBOX, '-', '+', 'COUNT', 1)[1]
if not first or first[1] ~= head or (redis.call('GET', OUTBOX_AT) or '0') ~= seen then return 0 end

local at = 5 + count
if count > 0 then redis.call('XDEL', OUTBOX, unpack(ARGV, 5, 4 + count)) end
if ARGV[at] == '0' then redis.call('DEL', OUTBOX_AT) else redis.call('SET', OUTBOX_AT, ARGV[at]) end

local ids, records = {}, {}
for i = at + 1, #ARGV, 2 do
  ids[#ids + 1] = ARGV[i]
  records[#records + 1], records[#records + 2] = ARGV[i], STAMP .. ARGV[i + 1]
end
if #ids > 0 then
  redis.call('HSET', JOBS, unpack(records))
  redis.call('RPUSH', LISTS.n, unpack(ids))
  emit('submitted', ids)
  count_up('submitted', #ids)
  note_ids(text_of(ids))
  wake()
end
if redis.call('XLEN', OUTBOX) > 0 then call_relay() else redis.call('DEL', OUTBOX) end
conclude()
return 1
