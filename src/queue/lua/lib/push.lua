-- exports MAX_CHUNK, push
-- Of lists in which jobs wait.
local MAX_CHUNK = 64 -- what is taken at a time

-- Puts entries to the tail of a list; or to its head, the first of them first.
local function push (list, entries, at_head)
  if at_head then
    local reversed = {}
    for i = #entries, 1, -1 do reversed[#reversed + 1] = entries[i] end
    entries = reversed
  end
  redis.call(at_head and 'LPUSH' or 'RPUSH', list, unpack(entries))
end
