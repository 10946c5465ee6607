-- include lib/groups
-- The jobs that are ready to be taken, by priority. Their entries (lib/ties) stand in LISTS, and those of jobs with a group in a list of
-- their group, GROUP<priority>:<group>; STATS counts these (`grouped_<priority>`). The groups of a priority take turns: TURNS is a sorted
-- set in their order; each in its turn gives one job, and goes to the tail if it has more. So a group with 100,000 jobs comes between
-- another's first job and its turn at most once. Jobs without a group are together one more, with the name ''.
-- A group that has jobs is in TURNS or, when its limits forbid to start one, in ASLEEP (lib/groups). One that has none may still be
-- there, until its turn comes. A queue without groups knows it from its settings.
local Ready = {}
function Ready.is_grouped () return read_settings().grouped end

function Ready.list_of (priority, group) return group == '' and LISTS[priority] or GROUPS.list .. priority .. ':' .. group end

function Ready.count_grouped ()
  local counts = Ready.is_grouped() and redis.call('HMGET', STATS, 'grouped_h', 'grouped_n', 'grouped_l') or {}
  return { h = tonumber(counts[1] or 0), n = tonumber(counts[2] or 0), l = tonumber(counts[3] or 0) }
end

-- How many are ready of each priority; ghosts count, too.
function Ready.count ()
  local counts = Ready.count_grouped()
  for _, priority in ipairs(PRIORITIES) do counts[priority] = counts[priority] + redis.call('LLEN', LISTS[priority]) end
  return counts
end

function Ready.count_all ()
  local counts = Ready.count()
  return counts.h + counts.n + counts.l
end

-- Whether any of them are not asleep.
function Ready.is_any_awake ()
  return not Ready.is_grouped() or redis.call('EXISTS', GROUPS.turns.h, GROUPS.turns.n, GROUPS.turns.l, LISTS.h, LISTS.n, LISTS.l) > 0
end

-- Groups take their turns behind all others, unless they have one already; or before all others.
function Ready.give_turns (priority, groups, at_head)
  if #groups == 0 then return end
  local turns, edge = {}, redis.call('ZRANGE', GROUPS.turns[priority], at_head and 0 or -1, at_head and 0 or -1, 'WITHSCORES')[2] or 0
  for i, group in ipairs(groups) do turns[2 * i - 1], turns[2 * i] = edge + (at_head and i - 1 - #groups or i), group end
  if at_head then redis.call('ZADD', GROUPS.turns[priority], unpack(turns)) else redis.call('ZADD', GROUPS.turns[priority], 'NX', unpack(turns)) end
end

-- Jobs that become ready are gathered first, in their order.
function Ready.gather (jobs, priority, entry, group)
  group = group or ''
  local lists = jobs[priority]
  if not lists then
    lists = { groups = {}, entries = {} }
    jobs[priority] = lists
  end
  if not lists.entries[group] then
    lists.entries[group] = {}
    table.insert(lists.groups, group)
  end
  table.insert(lists.entries[group], entry)
end

function Ready.reversed (list)
  local out = {}
  for i = #list, 1, -1 do out[#out + 1] = list[i] end
  return out
end

-- Puts what has been gathered behind all that is ready; or before it, the first of them first.
function Ready.put (jobs, at_head)
  for priority, lists in pairs(jobs) do
    local count, groups = 0, {}
    for _, group in ipairs(lists.groups) do
      local entries = lists.entries[group]
      redis.call(at_head and 'LPUSH' or 'RPUSH', Ready.list_of(priority, group), unpack(at_head and Ready.reversed(entries) or entries))
      if group ~= '' then
        count = count + #entries
        groups[#groups + 1] = group
      elseif at_head and Ready.is_grouped() then
        groups[#groups + 1] = group
      end
    end
    if count > 0 then
      redis.call('HINCRBY', STATS, 'grouped_' .. priority, count)
      if not Ready.is_grouped() then
        redis.call('HSET', SETTINGS, 'grouped', '1')
        read_settings().grouped = true
      end
    end
    Ready.give_turns(priority, groups, at_head)
  end
end

function Ready.put_back (jobs) Ready.put(jobs, true) end

-- Up to `each` entries of each of these groups, in turn; groups without room go to sleep, those that have more to the tail.
function Ready.pop_of (priority, groups, each, unlimited)
  local rooms, from = {}, {}
  if not unlimited then rooms, from = Groups.room_of(groups) end
  local lists, again, sleepers, entries, owners, grouped = {}, {}, {}, {}, {}, 0
  for i, group in ipairs(groups) do
    local room = math.min(each, rooms[i] or each)
    local key = Ready.list_of(priority, group)
    if room == 0 then
      if redis.call('EXISTS', key) == 1 then sleepers[#sleepers + 1], sleepers[#sleepers + 2] = from[i], priority .. group end
    else
      -- One more, to see whether it has more.
      local some = redis.call('LPOP', key, room + 1) or {}
      if #some > room then
        redis.call('LPUSH', key, table.remove(some))
        again[#again + 1] = group
      end
      if #some > 0 then lists[#lists + 1] = { group = group, entries = some } end
      if group ~= '' then grouped = grouped + #some end
    end
  end
  for nth = 1, each do
    for _, list in ipairs(lists) do
      if list.entries[nth] then entries[#entries + 1], owners[#owners + 1] = list.entries[nth], list.group end
    end
  end
  if grouped > 0 then redis.call('HINCRBY', STATS, 'grouped_' .. priority, -grouped) end
  if #sleepers > 0 then redis.call('ZADD', GROUPS.asleep, unpack(sleepers)) end
  Ready.give_turns(priority, again)
  return entries, owners
end

-- Takes up to `count` entries of a priority whose turn it is, and the group of each (nil when the queue has no groups); nil when there are
-- none. It may have looked at MAX_ITEMS groups in vain; then it returns none although there are some. `unlimited`: whatever limits groups.
function Ready.pop (priority, count, unlimited)
  if not Ready.is_grouped() then return redis.call('LPOP', LISTS[priority], count) or nil end
  Groups.awake_due()
  if redis.call('EXISTS', LISTS[priority]) == 1 then Ready.give_turns(priority, { '' }) end
  for _ = 1, MAX_ITEMS / 50 do
    local popped, groups = redis.call('ZPOPMIN', GROUPS.turns[priority], math.max(1, count)), {}
    if #popped == 0 then return nil end
    for i = 1, #popped, 2 do groups[#groups + 1] = popped[i] end
    local entries, owners = Ready.pop_of(priority, groups, math.max(1, math.floor(count / #groups)), unlimited)
    if #entries > 0 then return entries, owners end
  end
end

-- The record of the job at the head, behind some ghosts at the most.
function Ready.first_record (priority)
  local group = redis.call('EXISTS', LISTS[priority]) == 0 and Ready.is_grouped() and redis.call('ZRANGE', GROUPS.turns[priority], 0, 0)[1] or ''
  for _, entry in ipairs(redis.call('LRANGE', Ready.list_of(priority, group), 0, 15)) do
    local id = id_of(entry)
    local record = redis.call('HGET', JOBS, id)
    if record and entry == entry_of(id, has_ties() and redis.call('HGET', TIES, id)) then return record end
  end
end

-- Nothing of groups is left.
function Ready.forget_groups ()
  if not Ready.is_grouped() or redis.call('EXISTS', GROUPS.turns.h, GROUPS.turns.n, GROUPS.turns.l, GROUPS.asleep) > 0 then return end
  redis.call('HDEL', SETTINGS, 'grouped')
  redis.call('HDEL', STATS, 'grouped_h', 'grouped_n', 'grouped_l')
  read_settings().grouped = false
end
