-- exports ended_parents, let_go, ended, unneeded, taken_back, hold_parents, each_id, parse_let_go, leave_parent, let_parents_go
-- include lib/logs
-- include lib/unique
-- include lib/outbox
-- Jobs that wait for others, their parents, which may be in other queues:
--   BLOCKED          hash of a queue: child -> `<parents that have not ended> <c|r> <due, ms> <its priority's letter>` and, with a group, `@<group>`; with `c` the child
--                    is cancelled when a parent fails or is cancelled, with `r` it runs all the same.
--   CHILDREN<parent> list of `<child's id><child's queue>` of those that are blocked by it, until it has ended.
--   PARENTS          hash: parent -> how many of its children have not ended, which may want to read its result; behind that `!` and its queue
--                    when it is time to forget it, and only they keep it.
-- What a script leaves to do when jobs with many children end is in SETTLING, a list, and the next sweep of any queue goes on with it:
--   `c<parent>`, `f<parent>` or `x<parent>`, as it ended, and behind it what its list of children has been renamed to;
--   `p<ids>`, the parents of a child that has ended; if it was cancelled or deleted, which it may have been while it was blocked, behind that
--   `;` and how it stands in CHILDREN.
local ended_parents, let_go -- what is to do: { letter, key of children, id of parent }; the parents of a child each, as in SETTLING
local MAX_SOUGHT = 1000 -- in a list of CHILDREN that is longer a child is not sought: it goes with the list

local any_parents
at_start(function () ended_parents, let_go, any_parents = {}, {}, nil end)

local function has_parents ()
  if any_parents == nil then any_parents = redis.call('EXISTS', PARENTS) == 1 end
  return any_parents
end

-- Jobs of this queue have ended (letter: as in OUTCOMES), or are deleted before that. What hangs on that is done by `conclude`
-- (lib/conclude). Must be called before their ties go. It costs one EXISTS a call where there are no ties, and one where there are no parents.
local function ended (ids, letter)
  local ties, untied = ties_of(ids), {}
  for i = 1, ties and #ids or 0 do
    local notes = notes_of(ties[i])
    if notes ~= '' then
      local parents, _, hash = parents_of(notes), unique_of(notes)
      if hash then free_key(ids[i], hash) end
      if parents then let_go[#let_go + 1] = letter == 'x' and parents .. ';' .. ids[i] .. QUEUE or parents end
      local left = has_callback(notes) and '*;' or ''
      if left ~= '' then note_end(ids[i], letter) end
      if left ~= '' or has_ghosts(ties[i]) then tie(ids[i], suffix_of(ties[i]), ghosts_of(ties[i]), left) else untied[#untied + 1] = ids[i] end
    end
  end
  if #untied > 0 then redis.call('HDEL', TIES, unpack(untied)) end
  if not has_parents() then return end
  for i, children in ipairs(redis.call('HMGET', PARENTS, unpack(ids))) do
    if children then ended_parents[#ended_parents + 1] = { letter, CHILDREN .. ids[i], ids[i] } end
  end
end

-- Those of some jobs that are to be forgotten that no child keeps any more.
local function unneeded (ids)
  if not has_parents() then return ids end
  local left, kept = {}, {}
  for i, children in ipairs(redis.call('HMGET', PARENTS, unpack(ids))) do
    if children then kept[#kept + 1], kept[#kept + 2] = ids[i], string.match(children, '%d+') .. '!' .. QUEUE else left[#left + 1] = ids[i] end
  end
  if #kept > 0 then redis.call('HSET', PARENTS, unpack(kept)) end
  return left
end

-- Whether only its children keep a job; it is not where jobs are that have ended. Then they do no longer.
local function taken_back (id)
  local children = has_parents() and redis.call('HGET', PARENTS, id)
  local count = children and string.match(children, '^(%d+)!')
  if not count then return false end
  redis.call('HSET', PARENTS, id, count)
  return true
end

-- So many children are there that have these parents: id -> how many, in groups of MAX_ITEMS ids.
local function hold_parents (children)
  any_parents = true
  local ids = {}
  for id in pairs(children) do ids[#ids + 1] = id end
  for from = 1, #ids, MAX_ITEMS do
    local some, held = { unpack(ids, from, math.min(#ids, from + MAX_ITEMS - 1)) }, {}
    for i, before in ipairs(redis.call('HMGET', PARENTS, unpack(some))) do
      local count, mark = string.match(before or '0', '^(%d+)(!?.*)$')
      held[#held + 1], held[#held + 2] = some[i], (count + children[some[i]]) .. mark
    end
    redis.call('HSET', PARENTS, unpack(held))
  end
end

local function each_id (text) return string.gmatch(text, string.rep('.', ID_LENGTH)) end

-- The parents of a child, as in SETTLING, how many these are, and how it stands in CHILDREN, or nil.
local function parse_let_go (text)
  local parents, child = string.match(text, '^([^;]*);?(.*)$')
  return parents, #parents / ID_LENGTH, child ~= '' and child or nil
end

-- The child stands no longer in the list of a parent that goes on. Returns how many links to take it for.
local function leave_parent (parent, child)
  local length = redis.call('LLEN', CHILDREN .. parent)
  if length > 0 and length <= MAX_SOUGHT then redis.call('LREM', CHILDREN .. parent, 1, child) end
  return length <= MAX_SOUGHT and math.floor(length / 250) or 0
end

-- What only children have kept of these is forgotten: queue -> ids. What is left to be known of them in their queue are ghosts.
local function forget_kept (by_queue)
  local from = QUEUE
  for queue, ids in pairs(by_queue) do
    enter(queue)
    untie(ids)
    redis.call('HDEL', JOBS, unpack(ids))
    redis.call('HDEL', OUTCOMES, unpack(ids))
    forget_logs(ids)
  end
  enter(from)
end

-- So many children of these parents have ended: id -> how many, at most MAX_ITEMS ids. What only they have kept is forgotten.
local function let_parents_go (children)
  local ids, left, gone, by_queue = {}, {}, {}, {}
  for id in pairs(children) do ids[#ids + 1] = id end
  for i, before in ipairs(redis.call('HMGET', PARENTS, unpack(ids))) do
    local count, mark, queue = string.match(before or '', '^(%d+)(!?)(.*)$')
    if count and tonumber(count) > children[ids[i]] then
      left[#left + 1], left[#left + 2] = ids[i], (count - children[ids[i]]) .. mark .. queue
    elseif count then
      gone[#gone + 1] = ids[i]
      if mark == '!' then
        by_queue[queue] = by_queue[queue] or {}
        table.insert(by_queue[queue], ids[i])
      end
    end
  end
  if #left > 0 then redis.call('HSET', PARENTS, unpack(left)) end
  if #gone > 0 then
    redis.call('HDEL', PARENTS, unpack(gone))
    for i = 1, #gone do gone[i] = CHILDREN .. gone[i] end
    redis.call('UNLINK', unpack(gone)) -- children that were cancelled while they were blocked
  end
  forget_kept(by_queue)
end
