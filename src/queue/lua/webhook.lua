#!lua
-- Sets one webhook, if it is still as it was read, and which kinds of events any of them wants.
-- KEYS: webhooks (hash, id -> JSON), webhooks:wanted (set of kinds). ARGV: id, its JSON as it was read ('' when it is new), its JSON from now
--   on ('' when it is deleted), how many there may be.
-- Returns: 1; 0 when it is no longer so; -1 when there are too many. Then nothing has changed.
-- Promise: at most 100 webhooks are looked at. Refused when Redis is out of memory.
local id, before, after, max = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if (redis.call('HGET', KEYS[1], id) or '') ~= before then return 0 end
if before == '' and redis.call('HLEN', KEYS[1]) >= max then return -1 end
if after == '' then redis.call('HDEL', KEYS[1], id) else redis.call('HSET', KEYS[1], id, after) end
local kinds = {}
for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
  local webhook = cjson.decode(text) -- ours, and small
  if not webhook.disabled then for _, kind in ipairs(webhook.events) do kinds[#kinds + 1] = kind end end
end
redis.call('DEL', KEYS[2])
if #kinds > 0 then redis.call('SADD', KEYS[2], unpack(kinds)) end
return 1
