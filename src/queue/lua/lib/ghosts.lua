-- exports drop_ghosts
-- include lib/ready
-- Ghosts (lib/ties) go when a worker comes to them. Where none does, a list would grow with each job that is cancelled, replaced or moved, so
-- the sweep takes them out of the first entries of each list, MAX_SEEN in all; ghosts behind more jobs than that stay.
local MAX_SOME, MAX_ENTRY = 50, 64 -- groups of a priority, chosen at random; a longer entry is none of ours, and is not looked behind
local MAX_SEEN = MAX_ITEMS / 2 -- entries, in a step
local left -- to be looked at
at_start(function () left = MAX_SEEN end)

local function head_of (list)
  local entries, chunk = {}, 1
  while left > 0 do
    chunk = math.min(chunk, left)
    local some = redis.call('LRANGE', list, #entries, #entries + chunk - 1)
    for _, entry in ipairs(some) do
      if #entry > MAX_ENTRY then return entries end
      entries[#entries + 1], left = entry, left - 1
    end
    if #some < chunk then return entries end
    chunk = math.min(4 * chunk, MAX_CHUNK)
  end
  return entries
end

-- So many ghosts of each of these ids are gone.
local function bust (counts, ties)
  local tied, untied = {}, {}
  for id, count in pairs(counts) do
    local ghosts = math.max(0, ghosts_of(ties[id]) - count)
    if ghosts == 0 and redis.call('HEXISTS', JOBS, id) == 0 then
      untied[#untied + 1] = id
    else
      tied[#tied + 1], tied[#tied + 2] = id, suffix_of(ties[id]) .. '|' .. ghosts .. '|' .. notes_of(ties[id])
    end
  end
  if #tied > 0 then tie_new(tied) end
  if #untied > 0 then redis.call('HDEL', TIES, unpack(untied)) end
end

-- Returns how many ghosts it has taken out.
local function clear_head (list, priority, is_group)
  local entries, ids = head_of(list), {}
  if #entries == 0 then return 0 end
  for i, entry in ipairs(entries) do ids[i] = id_of(entry) end
  local ties, counts, known, jobs, dropped, last = ties_of(ids), {}, {}, {}, 0, 0
  for i, entry in ipairs(ties and entries or {}) do
    if ties[i] and entry ~= entry_of(ids[i], ties[i]) then
      counts[ids[i]], known[ids[i]] = (counts[ids[i]] or 0) + 1, ties[i]
      dropped, last = dropped + 1, i
    end
  end
  if dropped == 0 then return 0 end
  for i = 1, last do
    if not ties[i] or entries[i] == entry_of(ids[i], ties[i]) then jobs[#jobs + 1] = entries[i] end
  end
  redis.call('LPOP', list, last)
  if #jobs > 0 then push(list, jobs, true) end
  bust(counts, known)
  redis.call('HINCRBY', STATS, 'ghosts_' .. priority, -dropped)
  if is_group then redis.call('HINCRBY', STATS, 'grouped_' .. priority, -dropped) end
  return dropped
end

local function some_groups (priority)
  local groups = redis.call('ZRANDMEMBER', GROUPS.turns[priority], MAX_SOME)
  for _, member in ipairs(redis.call('ZRANDMEMBER', GROUPS.asleep, MAX_SOME)) do
    if string.sub(member, 1, 1) == priority then groups[#groups + 1] = string.sub(member, 2) end
  end
  return groups
end

-- Returns whether there is more of it to do at once. A queue without ghosts pays for it with one call.
local function drop_ghosts ()
  local dropped = 0
  for i, count in ipairs(redis.call('HMGET', STATS, 'ghosts_h', 'ghosts_n', 'ghosts_l')) do
    if tonumber(count or 0) > 0 then
      local priority = PRIORITIES[i]
      dropped = dropped + clear_head(LISTS[priority], priority, false)
      for _, group in ipairs(read_settings().grouped and some_groups(priority) or {}) do
        if group ~= '' then dropped = dropped + clear_head(Turns.list_of(priority, group), priority, true) end
      end
    end
  end
  return dropped >= MAX_SEEN / 2
end
