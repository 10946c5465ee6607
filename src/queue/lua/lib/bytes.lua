-- exports MAX_READ, fitting, values_of
-- Reading values that can be large: of a hash Redis copies them whole, whatever is wanted of them.
local MAX_READ = 2 * 1024 * 1024 -- that a call reads in all, unless a single one is larger: some 5 ms
local FEW = 64 * 1024

-- How many of these ids, from the first, have no more than `max` bytes in some hashes: at least one. And how many bytes they have. It costs
-- an HSTRLEN each.
local function fitting (ids, hashes, max)
  local bytes = 0
  for i = 1, #ids do
    local size = 0
    for _, hash in ipairs(hashes) do size = size + redis.call('HSTRLEN', hash, ids[i]) end
    if i > 1 and bytes + size > max then return i - 1, bytes end
    bytes = bytes + size
  end
  return #ids, bytes
end

-- As HMGET; `bytes` is how large they are. Large ones are read one at a time, which takes a third of the time.
local function values_of (hash, ids, bytes)
  if bytes <= FEW then return redis.call('HMGET', hash, unpack(ids)) end
  local values = {}
  for i = 1, #ids do values[i] = redis.call('HGET', hash, ids[i]) end
  return values
end
