-- include lib/journal
-- exports adopt
-- A list entry that is not the id of a record was pushed straight into Redis by somebody else: it gets an id (a
-- UUIDv7 in the 22-character base64url form, unique because the counter is) and a record that keeps it as it was.
-- The worker reads it: a JSON object with a task is a job like any other, everything else it dead-letters.
local function new_id (seed)
  local BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  local random = redis.sha1hex(seed)
  local hex = string.format('%012x', NOW) .. '7' .. string.sub(random, 1, 3) .. '8' .. string.sub(random, 4, 18) .. '0'
  local out = {}
  for i = 1, 33, 3 do
    local bits = tonumber(string.sub(hex, i, i + 2), 16)
    local high, low = math.floor(bits / 64), bits % 64
    out[#out + 1] = string.sub(BASE64URL, high + 1, high + 1) .. string.sub(BASE64URL, low + 1, low + 1)
  end
  return table.concat(out)
end

local function adopt (entry, priority)
  local nth = redis.call('HINCRBY', STATS, 'adopted', 1)
  local id = new_id(QUEUE .. nth .. ':' .. TIME[1] .. TIME[2] .. entry)
  local record = NOW .. priority .. '*' .. QUEUE .. '\n' .. entry
  redis.call('HSET', JOBS, id, record)
  count_up('submitted', 1)
  return id, record
end

