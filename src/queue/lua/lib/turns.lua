-- exports Turns
-- include lib/keys
-- include lib/settings
-- include lib/ties
-- include lib/push
-- include lib/groups
-- The groups of a queue take turns. The entries (lib/ties) of ready jobs with a group stand in a list of their group and priority,
-- GROUPS.list<priority>:<group>; STATS counts them (`grouped_<priority>`). GROUPS.turns has the groups of a priority in their order, a sorted set:
-- each gives one job in its turn, and goes to the tail if it has more. So another group comes at most once before a group's first job, however
-- many jobs it has, and a group is nothing but a list and a member while it has jobs. Jobs without a group, in LISTS, are together
-- one more, with the name ''.
-- A group that has ready jobs is in GROUPS.turns or, when its limits forbid to start one, in GROUPS.asleep (lib/groups). One that has none may
-- still be there, until its turn comes.
local Turns = {}
Turns.MAX_BYTES = 65536
Turns.MAX_SEEN = MAX_ITEMS / 8 -- of each priority, and of those that sleep
function Turns.list_of (priority, group) return group == '' and LISTS[priority] or GROUPS.list .. priority .. ':' .. group end

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

-- Groups take their turns behind all others, unless they have one already; or before all others.
function Turns.give_turns (priority, groups, at_head)
  if #groups == 0 then return end
  local turns, edge = {}, redis.call('ZRANGE', GROUPS.turns[priority], at_head and 0 or -1, at_head and 0 or -1, 'WITHSCORES')[2] or 0
  for i, group in ipairs(groups) do turns[2 * i - 1], turns[2 * i] = edge + (at_head and i - 1 - #groups or i), group end
  if at_head then redis.call('ZADD', GROUPS.turns[priority], unpack(turns)) else redis.call('ZADD', GROUPS.turns[priority], 'NX', unpack(turns)) end
end

-- Puts what has been gathered (lib/ready) of a priority behind all that is ready; or before it.
function Turns.put (priority, lists, at_head)
  local count, groups = 0, {}
  for _, group in ipairs(lists.groups) do
    local entries = lists.entries[group]
    if #entries == 1 then
      redis.call(at_head and 'LPUSH' or 'RPUSH', Turns.list_of(priority, group), entries[1])
    else
      push(Turns.list_of(priority, group), entries, at_head)
    end
    if group ~= '' then count = count + #entries end
    -- Jobs without a group have their turn when somebody looks: who pushes them past us does not know of turns.
    if group ~= '' or at_head then groups[#groups + 1] = group end
  end
  if count > 0 then
    redis.call('HINCRBY', STATS, 'grouped_' .. priority, count)
    if not read_settings().grouped then redis.call('HSET', SETTINGS, 'grouped', '1') end
    read_settings().grouped = true
  end
  if read_settings().grouped then Turns.give_turns(priority, at_head and groups or Groups.not_asleep(priority, groups), at_head) end
end

-- Up to `count` entries of these groups, in turn; groups without room go to sleep, those that have more to the tail, and those that are not
-- needed go first the next time.
function Turns.pop_of (priority, groups, count, unlimited)
  local each, left, unneeded, rooms, from = math.max(1, math.floor(count / #groups)), count, {}, {}, {}
  if not unlimited then rooms, from = Groups.room_of(groups) end
  local lists, again, sleepers, entries, owners, grouped = {}, {}, {}, {}, {}, 0
  for i, group in ipairs(groups) do
    local room = math.min(each, rooms[i] or each)
    local key = Turns.list_of(priority, group)
    if room == 0 then
      if redis.call('EXISTS', key) == 1 then sleepers[#sleepers + 1], sleepers[#sleepers + 2] = from[i], priority .. group end
    elseif left == 0 then
      unneeded[#unneeded + 1] = group
    else
      -- One more, to see whether it has more.
      local some = redis.call('LPOP', key, room + 1) or {}
      if #some > room then
        redis.call('LPUSH', key, table.remove(some))
        again[#again + 1] = group
      end
      if some[1] and each == 1 then
        entries[#entries + 1], owners[#owners + 1] = some[1], group
      elseif some[1] then
        lists[#lists + 1] = { group = group, entries = some }
      end
      if group ~= '' then grouped = grouped + #some end
      left = left - #some
    end
  end
  for nth = 1, #lists > 0 and each or 0 do
    for _, list in ipairs(lists) do
      if list.entries[nth] then entries[#entries + 1], owners[#owners + 1] = list.entries[nth], list.group end
    end
  end
  if grouped > 0 then redis.call('HINCRBY', STATS, 'grouped_' .. priority, -grouped) end
  if #sleepers > 0 then redis.call('ZADD', GROUPS.asleep, unpack(sleepers)) end
  Turns.give_turns(priority, again)
  Turns.give_turns(priority, unneeded, true)
  return entries, owners
end

-- As `pop` of lib/ready.
function Turns.pop (priority, count, unlimited)
  Groups.awake_due()
  if redis.call('EXISTS', LISTS[priority]) == 1 then Turns.give_turns(priority, { '' }) end
  local sought = math.max(1, count)
  for _ = 1, MAX_ITEMS / MAX_CHUNK do
    local popped, groups = redis.call('ZPOPMIN', GROUPS.turns[priority], sought), {}
    if #popped == 0 then return nil end
    for i = 1, #popped, 2 do groups[#groups + 1] = popped[i] end
    local entries, owners = Turns.pop_of(priority, groups, math.max(1, count), unlimited)
    if #entries > 0 then return entries, owners end
    sought = math.max(sought, math.min(4 * sought, MAX_CHUNK))
  end
end

function Turns.record_of (id) return redis.call('HGET', JOBS, id) end

-- The record of the first job in a list, or what `read` has of it, behind ghosts; of so many entries that are looked at. Those that others have
-- pushed have none, and may be large: behind many bytes it is not sought.
function Turns.first_of (list, most, read)
  read = read or Turns.record_of
  local at, chunk, bytes = 0, 1, 0
  while at < most and bytes < Turns.MAX_BYTES do
    local entries, ids = redis.call('LRANGE', list, at, at + chunk - 1), {}
    for i, entry in ipairs(entries) do ids[i], bytes = id_of(entry), bytes + #entry end
    local ties = #ids > 0 and ties_of(ids)
    for i, entry in ipairs(entries) do
      local found = entry == entry_of(ids[i], ties and ties[i]) and read(ids[i])
      if found then return found end
    end
    if #entries < chunk then return end
    at, chunk = at + chunk, math.min(4 * chunk, 16)
  end
end

-- The record of the job that comes next of a priority, behind some ghosts at the most.
function Turns.first_record (priority)
  local group = redis.call('EXISTS', LISTS[priority]) == 0 and read_settings().grouped and redis.call('ZRANGE', GROUPS.turns[priority], 0, 0)[1] or ''
  return Turns.first_of(Turns.list_of(priority, group), 16)
end

-- What `read` has of the job that comes first behind up to `most` ghosts, or of one of a few groups, whether these may start a job now or not.
function Turns.first_waiting (priority, most, read)
  local found = Turns.first_of(LISTS[priority], most, read)
  if found or not read_settings().grouped then return found end
  local groups = redis.call('ZRANGE', GROUPS.turns[priority], 0, 15)
  for _, member in ipairs(redis.call('ZRANGE', GROUPS.asleep, 0, 15)) do
    if string.sub(member, 1, 1) == priority then groups[#groups + 1] = string.sub(member, 2) end
  end
  for _, group in ipairs(groups) do
    found = Turns.first_of(Turns.list_of(priority, group), 32, read)
    if found then return found end
  end
end

-- Of some groups that take part, or sleep, those that have no jobs do no longer. (`pop` sees to that, but nobody pops where no worker comes.) Returns how many.
function Turns.drop_empty ()
  local dropped = 0
  for _, priority in ipairs(PRIORITIES) do
    for _, group in ipairs(redis.call('ZRANDMEMBER', GROUPS.turns[priority], Turns.MAX_SEEN)) do
      if redis.call('EXISTS', Turns.list_of(priority, group)) == 0 then dropped = dropped + redis.call('ZREM', GROUPS.turns[priority], group) end
    end
  end
  for _, member in ipairs(redis.call('ZRANDMEMBER', GROUPS.asleep, Turns.MAX_SEEN)) do
    if redis.call('EXISTS', Turns.list_of(string.sub(member, 1, 1), string.sub(member, 2))) == 0 then dropped = dropped + redis.call('ZREM', GROUPS.asleep, member) end
  end
  return dropped
end

-- What the sweep does: in the end nothing is left of groups of which no job is ready. Returns whether there is more of it.
function Turns.forget ()
  if Turns.count_all() > 0 then return false end
  local dropped = Turns.drop_empty()
  if redis.call('EXISTS', GROUPS.turns.h, GROUPS.turns.n, GROUPS.turns.l, GROUPS.asleep) > 0 then return dropped > 0 end
  redis.call('HDEL', SETTINGS, 'grouped')
  redis.call('HDEL', STATS, 'grouped_h', 'grouped_n', 'grouped_l')
  read_settings().grouped = false
  return false
end
