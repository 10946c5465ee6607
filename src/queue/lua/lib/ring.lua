-- exports Ring
-- include lib/keys
-- include lib/push
-- include lib/ties
-- The groups of a queue take turns: the ring of a priority, a list, has them in their order.
--   GROUPS.turns   list: of each group that takes part `<entry (lib/ties)>@<group>`, the job that it gives in its turn; of the jobs without a group,
--                  in LISTS, which are together one more group, with the name '', MARK alone, as others push them past us.
--                  `<entry>!<group>` is a job that came back when its group stood here: it comes besides.
--   GROUPS.heads   set: the groups that have a place in the ring, or sleep (lib/groups).
--   GROUPS.list    list <priority>:<group>: the entries of the group's other jobs, behind the one that stands in the ring.
--   GROUPS.behind  set: the groups that have such a list, and some that had.
-- So a group of one job costs no key of its own, and a thousand of them are put, or taken, with one call of each kind.
local Ring = {}
Ring.MARK = '-'
local AT, BANG = 64, 33 -- the bytes of `@` and `!`

function Ring.list_of (priority, group) return group == '' and LISTS[priority] or GROUPS.list .. priority .. ':' .. group end

-- Members of the ring as parallel arrays: entries (MARK for a mark), their groups, and which came back. Returns, too, whether all of
-- them are groups' own jobs.
function Ring.parse (members)
  local entries, owners, came_back, is_usual = {}, {}, {}, true
  for i = 1, #members do
    local member, at = members[i], ID_LENGTH + 1
    local byte = string.byte(member, at)
    if member == Ring.MARK then
      entries[i], owners[i], is_usual = member, '', false
    else
      if byte ~= AT and byte ~= BANG then
        at = string.find(member, '[@!]', at)
        byte = string.byte(member, at)
      end
      entries[i], owners[i] = string.sub(member, 1, at - 1), string.sub(member, at + 1)
      if byte == BANG then came_back[i], is_usual = true, false end
    end
  end
  return entries, owners, came_back, is_usual
end

-- Puts entries of a group behind those in its list; or before them.
local function put_in_lists (priority, groups, lists, at_head)
  if #groups == 0 then return end
  for _, group in ipairs(groups) do push(Ring.list_of(priority, group), lists[group], at_head) end
  redis.call('SADD', GROUPS.behind[priority], unpack(groups))
end

-- Jobs come behind all others of their groups, and groups that have none yet behind all others.
function Ring.put (priority, entries, groups)
  local there, ring, behind, lists = redis.call('SMISMEMBER', GROUPS.heads[priority], unpack(groups)), {}, {}, {}
  local all_first = redis.call('SADD', GROUPS.heads[priority], unpack(groups)) == #groups -- and each another's
  for i, group in ipairs(groups) do
    local list = lists[group]
    if all_first then
      ring[i] = entries[i] .. '@' .. group
    elseif list == nil and there[i] == 0 then
      ring[#ring + 1], lists[group] = entries[i] .. '@' .. group, false
    elseif list then
      list[#list + 1] = entries[i]
    else
      lists[group], behind[#behind + 1] = { entries[i] }, group
    end
  end
  if #ring > 0 then redis.call('RPUSH', GROUPS.turns[priority], unpack(ring)) end
  put_in_lists(priority, behind, lists)
end

-- Jobs come back before all others of their groups, and these before all others. Where another job of the group stands in the ring, the first one
-- comes besides, and the rest behind that.
function Ring.put_back (priority, entries, groups)
  local order, lists, ring, heads, behind, members = {}, {}, {}, {}, {}, {}
  for i, group in ipairs(groups) do
    if not lists[group] then
      lists[group], order[#order + 1], members[#members + 1] = {}, group, priority .. group
    end
    table.insert(lists[group], entries[i])
  end
  local there, asleep = redis.call('SMISMEMBER', GROUPS.heads[priority], unpack(order)), redis.call('ZMSCORE', GROUPS.asleep, unpack(members))
  for i, group in ipairs(order) do
    if not asleep[i] then ring[#ring + 1] = table.remove(lists[group], 1) .. (there[i] == 1 and '!' or '@') .. group end
    if there[i] == 0 then heads[#heads + 1] = group end
    if #lists[group] > 0 then behind[#behind + 1] = group end
  end
  if #heads > 0 then redis.call('SADD', GROUPS.heads[priority], unpack(heads)) end
  if #ring > 0 then push(GROUPS.turns[priority], ring, true) end
  put_in_lists(priority, behind, lists, true)
end

-- These jobs of groups may not start now: they go to the heads of their lists, as those that are to come first.
function Ring.withdraw (priority, groups, lists)
  put_in_lists(priority, groups, lists, true)
end

-- What stands in the ring for the next job of a group's list; nil when there is none.
function Ring.next_of (priority, group)
  local entry = redis.call('LPOP', Ring.list_of(priority, group))
  return entry and entry .. '@' .. group or nil
end

-- Groups that slept have their turn before all others: they have missed it.
function Ring.come_back (priority, groups)
  local ring, gone = {}, {}
  for _, group in ipairs(groups) do
    local member = Ring.next_of(priority, group)
    if member then ring[#ring + 1] = member else gone[#gone + 1] = group end
  end
  if #ring > 0 then push(GROUPS.turns[priority], ring, true) end
  Ring.leave(priority, gone)
end

-- These groups have no jobs any more.
function Ring.leave (priority, groups)
  if #groups == 0 then return end
  redis.call('SREM', GROUPS.heads[priority], unpack(groups))
  redis.call('SREM', GROUPS.behind[priority], unpack(groups))
end
