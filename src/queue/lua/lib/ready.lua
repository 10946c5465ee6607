-- The jobs that are ready to be taken: their entries (lib/ties) stand in the list of their priority.
local function count_ready (priority) return redis.call('LLEN', LISTS[priority]) end

local function count_all_ready () return count_ready('h') + count_ready('n') + count_ready('l') end

-- Puts entries behind all that are ready.
local function put (priority, entries)
  if #entries > 0 then redis.call('RPUSH', LISTS[priority], unpack(entries)) end
end

-- Puts entries before all that are ready, the first of them first.
local function put_back (priority, entries)
  if #entries == 0 then return end
  local reversed = {}
  for i = #entries, 1, -1 do reversed[#reversed + 1] = entries[i] end
  redis.call('LPUSH', LISTS[priority], unpack(reversed))
end

-- Takes up to `count` entries, which were ready first; nil when there are none.
local function pop (priority, count) return redis.call('LPOP', LISTS[priority], count) or nil end
