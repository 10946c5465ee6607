-- exports count_ready, gather, put, pop
-- include lib/settings
-- include lib/turns
-- include lib/push
-- The jobs that are ready to be taken: their entries (lib/ties) stand in the list of their priority, or have the turns of their group (lib/turns).

-- How many there are; ghosts count, too.
local function count_ready ()
  local count = redis.call('LLEN', LISTS.h) + redis.call('LLEN', LISTS.n) + redis.call('LLEN', LISTS.l)
  return read_settings().grouped and count + Turns.count_all() or count
end

-- Jobs that become ready are gathered first, in their order: a table by priority of `entries` without a group and, as two arrays, of those that are
-- `grouped` and their `groups`.
local function gather (jobs, priority, entry, group)
  local ready = jobs[priority]
  if not ready then
    ready = { entries = {}, grouped = {}, groups = {} }
    jobs[priority] = ready
  end
  if group and group ~= '' then
    local n = #ready.grouped + 1
    ready.grouped[n], ready.groups[n] = entry, group
  else
    ready.entries[#ready.entries + 1] = entry
  end
end

-- Puts them behind all that is ready; or, `at_head`, before it, the first of them first.
local function put (jobs, at_head)
  for priority, ready in pairs(jobs) do
    if #ready.entries > 0 then push(LISTS[priority], ready.entries, at_head) end
    if #ready.grouped > 0 then Turns.put(priority, ready.grouped, ready.groups, at_head) end
  end
end

-- Takes up to `count` entries of a priority whose turn it is, and the group of each (nil when the queue has none); nil when there are no
-- entries. With groups it may have looked at MAX_ITEMS of them in vain; then it returns none although there are some. `unlimited`: whatever
-- limits groups.
local function pop (priority, count, unlimited)
  if read_settings().grouped then return Turns.pop(priority, count, unlimited) end
  return redis.call('LPOP', LISTS[priority], count) or nil
end
