-- exports aged_priority
-- include lib/turns
-- In a queue with `priority_aging` a job counts as one priority higher each time that it has waited for so long since it was created. It is
-- the heads that are compared: by what they count as, and then by age.
local AGED = 4 -- so many are taken before the heads are compared again, when several are as high

-- The priority whose turn it is, and how many to take of it at most; nil when they are taken in their order.
local function aged_priority ()
  local aging_ms = read_settings().aging_ms
  if not aging_ms then return nil end
  local first, first_rank, first_created, heads = nil, math.huge, math.huge, 0
  for rank, priority in ipairs(PRIORITIES) do
    local record = Turns.first_record(priority)
    if record then
      heads = heads + 1
      local created = tonumber(string.sub(record, 1, 13))
      rank = math.max(1, rank - math.floor(math.max(0, NOW - created) / aging_ms))
      if rank < first_rank or rank == first_rank and created < first_created then first, first_rank, first_created = priority, rank, created end
    end
  end
  if heads < 2 then return nil end
  return first, AGED
end
