-- exports drop_ghosts
-- include lib/ready
-- Ghosts (lib/ties) go when a worker comes to them. Where none does, a list would grow with each job that is cancelled, replaced or moved, so
-- the sweep takes them out of the first entries of each list, MAX_SEEN in all; ghosts behind more jobs than that stay.
local MAX_SOME, MAX_ENTRY = 100, 64 -- groups of a priority, chosen at random; a longer entry is none of ours, and is not looked behind
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

-- Which of some entries are ghosts, by their places; how many there are, where the last is, and of each id how many and its ties.
local function ghosts_among (entries)
  local ids, is_ghost, counts, known, dropped, last = {}, {}, {}, {}, 0, 0
  for i, entry in ipairs(entries) do ids[i] = id_of(entry) end
  local ties = #ids > 0 and ties_of(ids)
  for i, entry in ipairs(ties and entries or {}) do
    if ties[i] and entry ~= entry_of(ids[i], ties[i]) then
      is_ghost[i], counts[ids[i]], known[ids[i]] = true, (counts[ids[i]] or 0) + 1, ties[i]
      dropped, last = dropped + 1, i
    end
  end
  return is_ghost, dropped, last, counts, known
end

local function count_dropped (priority, dropped, is_grouped)
  redis.call('HINCRBY', STATS, 'ghosts_' .. priority, -dropped)
  if is_grouped then redis.call('HINCRBY', STATS, 'grouped_' .. priority, -dropped) end
end

-- Returns how many ghosts it has taken out of the head of a list.
local function clear_list (list, priority, is_grouped)
  local entries, jobs = head_of(list), {}
  local is_ghost, dropped, last, counts, known = ghosts_among(entries)
  if dropped == 0 then return 0 end
  for i = 1, last do if not is_ghost[i] then jobs[#jobs + 1] = entries[i] end end
  redis.call('LPOP', list, last)
  if #jobs > 0 then push(list, jobs, true) end
  bust(counts, known)
  count_dropped(priority, dropped, is_grouped)
  return dropped
end

-- The same of the groups that come next: the next job of a group comes to the place of its ghost.
local function clear_ring (priority)
  if left <= 0 then return 0 end
  local members = redis.call('LRANGE', GROUPS.turns[priority], 0, left - 1)
  left = left - #members
  local entries, owners, came_back = Ring.parse(members)
  local is_ghost, dropped, last, counts, known = ghosts_among(entries)
  if dropped == 0 then return 0 end
  local still, gone = {}, {}
  for i = 1, last do
    local own = is_ghost[i] and not came_back[i]
    local member = own and Ring.next_of(priority, owners[i]) or not is_ghost[i] and members[i]
    if member then still[#still + 1] = member elseif own then gone[#gone + 1] = owners[i] end
  end
  redis.call('LPOP', GROUPS.turns[priority], last)
  if #still > 0 then push(GROUPS.turns[priority], still, true) end
  Ring.leave(priority, gone)
  bust(counts, known)
  count_dropped(priority, dropped, true)
  return dropped
end

-- Returns whether there is more of it to do at once. A queue without ghosts pays for it with one call.
local function drop_ghosts ()
  local dropped = 0
  for i, count in ipairs(redis.call('HMGET', STATS, 'ghosts_h', 'ghosts_n', 'ghosts_l')) do
    if tonumber(count or 0) > 0 then
      local priority = PRIORITIES[i]
      dropped = dropped + clear_list(LISTS[priority], priority, false)
      if read_settings().grouped then
        for _, group in ipairs(redis.call('SRANDMEMBER', GROUPS.behind[priority], MAX_SOME)) do dropped = dropped + clear_list(Ring.list_of(priority, group), priority, true) end
        dropped = dropped + clear_ring(priority)
      end
    end
  end
  return dropped >= MAX_SEEN / 2
end
