-- exports count_ready, gather, put, pop
-- include lib/settings
-- include lib/turns
-- include lib/push
-- The jobs that are ready to be taken: their entries (lib/ties) stand in the list of their priority, or of their group (lib/turns).

-- How many there are; ghosts count, too.
local function count_ready ()
  local count = redis.call('LLEN', LISTS.h) + redis.call('LLEN', LISTS.n) + redis.call('LLEN', LISTS.l)
  return read_settings().grouped and count + Turns.count_all() or count
end

-- Jobs that become ready are gathered first, in their order: a table by priority of their `groups` and, by group, their `entries`. Those
-- without a group have the group '' there.
local function gather (jobs, priority, entry, group)
  group = group or ''
  local lists = jobs[priority]
  if not lists then
    lists = { groups = {}, entries = {}, any = false }
    jobs[priority] = lists
  end
  local entries = lists.entries[group]
  if entries then
    entries[#entries + 1] = entry
  else
    lists.entries[group], lists.any = { entry }, lists.any or group ~= ''
    lists.groups[#lists.groups + 1] = group
  end
end

-- Puts them behind all that is ready; or, `at_head`, before it, the first of them first.
local function put (jobs, at_head)
  for priority, lists in pairs(jobs) do
    if lists.any or read_settings().grouped then
      Turns.put(priority, lists, at_head)
    else
      push(LISTS[priority], lists.entries[''], at_head)
    end
  end
end

-- Takes up to `count` entries of a priority whose turn it is, and the group of each (nil when the queue has none); nil when there are no
-- entries. With groups it may have looked at MAX_ITEMS of them in vain; then it returns none although there are some. `unlimited`: whatever
-- limits groups.
local function pop (priority, count, unlimited)
  if read_settings().grouped then return Turns.pop(priority, count, unlimited) end
  return redis.call('LPOP', LISTS[priority], count) or nil
end
