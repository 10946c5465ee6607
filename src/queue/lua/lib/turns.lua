-- exports Turns
-- include lib/keys
-- include lib/settings
-- include lib/ties
-- include lib/push
-- include lib/ring
-- include lib/groups
-- Ready jobs with a group, which take turns (lib/ring): another group comes at most once before a group's first job, however many jobs it has. A
-- group that has ready jobs is in the ring or, when its limits forbid to start one, sleeps (lib/groups). STATS counts the ready
-- jobs with a group (`grouped_<priority>`).
local Turns = {}
Turns.MAX_BYTES = 65536

-- How many jobs with a group are ready, of each priority; ghosts count, too.
function Turns.count ()
  local counts = redis.call('HMGET', STATS, 'grouped_h', 'grouped_n', 'grouped_l')
  return { h = tonumber(counts[1] or 0), n = tonumber(counts[2] or 0), l = tonumber(counts[3] or 0) }
end

function Turns.count_all ()
  local counts = Turns.count()
  return counts.h + counts.n + counts.l
end

-- Whether there are any that are not asleep, or may be.
function Turns.is_any_awake ()
  return not read_settings().grouped or redis.call('EXISTS', GROUPS.turns.h, GROUPS.turns.n, GROUPS.turns.l, LISTS.h, LISTS.n, LISTS.l) > 0
end

-- Puts jobs of groups behind all that is ready; or, `at_head`, before it.
function Turns.put (priority, entries, groups, at_head)
  redis.call('HINCRBY', STATS, 'grouped_' .. priority, #entries)
  if not read_settings().grouped then redis.call('HSET', SETTINGS, 'grouped', '1') end
  read_settings().grouped = true
  if at_head then Ring.put_back(priority, entries, groups) else Ring.put(priority, entries, groups) end
end

-- Which of some members of the ring, whose turns have come, may start now: up to `count`, by their places, with the room of their groups. The others
-- sleep, or stay in the ring.
local function choose (priority, members, entries, owners, came_back, count, is_limited)
  local rooms, from = {}, {}
  if is_limited then rooms, from = Groups.room_of(owners) end
  local chosen, given, unneeded, later, sleepers, groups, lists = {}, {}, {}, {}, {}, {}, {}
  for i, owner in ipairs(owners) do
    local room, ours = rooms[i] or math.huge, given[owner] or 0
    if room == 0 then
      if not lists[owner] then lists[owner], groups[#groups + 1] = {}, owner end
      table.insert(lists[owner], entries[i])
      -- What came back is mostly not the group's own place in the ring.
      if not came_back[i] or redis.call('SADD', GROUPS.heads[priority], owner) == 1 then
        sleepers[#sleepers + 1], sleepers[#sleepers + 2] = from[i], priority .. owner
      end
    elseif #chosen == count then
      unneeded[#unneeded + 1] = members[i]
    elseif ours >= room then
      later[#later + 1] = members[i] -- it is not known whether the job before it starts
    else
      chosen[#chosen + 1], given[owner] = { at = i, room = room - ours }, ours + 1
    end
  end
  Ring.withdraw(priority, groups, lists)
  if #sleepers > 0 then redis.call('ZADD', GROUPS.asleep, unpack(sleepers)) end
  if #unneeded > 0 then push(GROUPS.turns[priority], unneeded, true) end
  return chosen, later
end

-- What these give: those with more jobs have another turn behind all others; where nobody else is in the ring (`alone`), they give several,
-- so that it is `count` in all.
local function serve (priority, chosen, entries, owners, came_back, count, alone)
  local is_behind, listed = redis.call('SMISMEMBER', GROUPS.behind[priority], unpack(owners)), {}
  for _, one in ipairs(chosen) do
    if not came_back[one.at] and (is_behind[one.at] == 1 or owners[one.at] == '') then listed[#listed + 1] = one end
  end
  local more = alone and #listed > 0 and math.floor((count - #chosen) / #listed) or 0
  local again, gone = {}, {}
  for _, one in ipairs(listed) do
    local group, wanted = owners[one.at], math.min(more, one.room - 1) + 1
    -- One more, to see whether there is one: that stands in the ring then. The mark stands for no job.
    local list = Ring.list_of(priority, group)
    one.more = redis.call('LPOP', list, wanted) or {}
    if group == '' then
      entries[one.at] = table.remove(one.more, 1)
      if redis.call('EXISTS', list) == 1 then again[#again + 1] = Ring.MARK else gone[#gone + 1] = group end
    elseif one.more[wanted] then
      again[#again + 1] = table.remove(one.more) .. '@' .. group
    else
      gone[#gone + 1] = group
    end
  end
  for _, one in ipairs(chosen) do
    if not one.more and not came_back[one.at] then gone[#gone + 1] = owners[one.at] end
  end
  local all, all_owners = {}, {}
  for _, one in ipairs(chosen) do
    if entries[one.at] then all[#all + 1], all_owners[#all_owners + 1] = entries[one.at], owners[one.at] end
  end
  for nth = 1, more do
    for _, one in ipairs(listed) do
      if one.more[nth] then all[#all + 1], all_owners[#all_owners + 1] = one.more[nth], owners[one.at] end
    end
  end
  Ring.leave(priority, gone)
  return all, all_owners, again
end

-- As `pop` of lib/ready.
function Turns.pop (priority, count, unlimited)
  Groups.awake_due()
  if redis.call('EXISTS', LISTS[priority]) == 1 and redis.call('SADD', GROUPS.heads[priority], '') == 1 then
    redis.call('RPUSH', GROUPS.turns[priority], Ring.MARK)
  end
  local is_limited = not unlimited and Groups.are_limited()
  count = math.max(1, count)
  local sought = count
  for _ = 1, MAX_ITEMS / MAX_CHUNK do
    local members = redis.call('LPOP', GROUPS.turns[priority], sought)
    if not members then return nil end
    local entries, owners, came_back, is_usual = Ring.parse(members)
    if is_usual and not is_limited and redis.call('EXISTS', GROUPS.behind[priority]) == 0 then
      redis.call('SREM', GROUPS.heads[priority], unpack(owners))
    else
      local chosen, later = choose(priority, members, entries, owners, came_back, count, is_limited)
      local again
      entries, owners, again = serve(priority, chosen, entries, owners, came_back, count, #members < sought)
      for _, member in ipairs(later) do again[#again + 1] = member end
      if #again > 0 then push(GROUPS.turns[priority], again) end
    end
    local grouped = 0
    for i = 1, #owners do if owners[i] ~= '' then grouped = grouped + 1 end end
    if grouped > 0 then redis.call('HINCRBY', STATS, 'grouped_' .. priority, -grouped) end
    if #entries > 0 then return entries, owners end
    sought = math.max(sought, math.min(4 * sought, MAX_CHUNK))
  end
end

function Turns.record_of (id) return redis.call('HGET', JOBS, id) end

-- What `read` has of the first of some entries that is no ghost.
local function first_among (entries, read)
  local ids = {}
  for i, entry in ipairs(entries) do ids[i] = id_of(entry) end
  local ties = #ids > 0 and ties_of(ids)
  for i, entry in ipairs(entries) do
    local found = entry == entry_of(ids[i], ties and ties[i]) and read(ids[i])
    if found then return found end
  end
end

-- The record of the first job in a list, or what `read` has of it, behind ghosts; of so many entries that are looked at. Those that others have
-- pushed have none, and may be large: behind many bytes it is not sought.
local function first_of (list, most, read)
  local at, chunk, bytes = 0, 1, 0
  while at < most and bytes < Turns.MAX_BYTES do
    local entries = redis.call('LRANGE', list, at, at + chunk - 1)
    for _, entry in ipairs(entries) do bytes = bytes + #entry end
    local found = first_among(entries, read)
    if found or #entries < chunk then return found end
    at, chunk = at + chunk, math.min(4 * chunk, 16)
  end
end

-- The same of the groups that come next, whose lists may have one behind ghosts, too.
local function first_in_turn (priority, count, read)
  local entries, owners = Ring.parse(redis.call('LRANGE', GROUPS.turns[priority], 0, count - 1))
  local found = first_among(entries, read)
  for _, owner in ipairs(found and {} or owners) do
    found = found or first_of(Ring.list_of(priority, owner), 32, read)
  end
  return found
end

-- The record of the job that comes next of a priority, behind some ghosts at the most.
function Turns.first_record (priority)
  local found = first_of(LISTS[priority], 16, Turns.record_of)
  if found or not read_settings().grouped then return found end
  return first_in_turn(priority, 1, Turns.record_of) or first_in_turn(priority, 16, Turns.record_of)
end

-- What `read` has of the job that comes first behind up to `most` ghosts, or of one of a few groups, whether these may start a job now or not.
function Turns.first_waiting (priority, most, read)
  local found = first_of(LISTS[priority], most, read)
  if found or not read_settings().grouped then return found end
  found = first_in_turn(priority, 16, read)
  for _, member in ipairs(found and {} or redis.call('ZRANGE', GROUPS.asleep, 0, 15)) do
    if string.sub(member, 1, 1) == priority then found = found or first_of(Ring.list_of(priority, string.sub(member, 2)), 32, read) end
  end
  return found
end

-- What the sweep does: in the end nothing is left of groups of which no job is ready.
function Turns.forget ()
  if Turns.count_all() > 0 then return end
  for _, priority in ipairs(PRIORITIES) do redis.call('UNLINK', GROUPS.turns[priority], GROUPS.heads[priority], GROUPS.behind[priority]) end
  redis.call('UNLINK', GROUPS.asleep)
  redis.call('HDEL', SETTINGS, 'grouped')
  redis.call('HDEL', STATS, 'grouped_h', 'grouped_n', 'grouped_l')
  read_settings().grouped = false
end
