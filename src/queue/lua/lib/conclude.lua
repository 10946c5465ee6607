-- include lib/wake
-- exports resume_settling, settle_links, conclude
-- The end of a script that may end jobs: what hangs on their end is done, whatever queue it is in, and followers are told.
local MAX_LINKS = MAX_ITEMS / 2 -- between parents and children, in one call

-- Puts jobs that wait for nobody any more where they belong: id i is due at times[i]; groups[i] is its group, or ''.
local function place (ids, priorities, times, groups)
  if #ids == 0 then return end
  local ready, later, queued, scheduled = {}, {}, {}, {}
  local ties = ties_of(ids)
  for i, id in ipairs(ids) do
    local entry, group = entry_of(id, ties and ties[i]), groups[i] ~= '' and groups[i] or nil
    if times[i] > NOW then
      later[#later + 1], later[#later + 2] = times[i], member_of(priorities[i], entry, group)
      scheduled[#scheduled + 1] = id
    else
      gather(ready, priorities[i], entry, group)
      queued[#queued + 1] = id
    end
  end
  put(ready)
  if #later > 0 then
    redis.call('ZADD', SCHEDULED, unpack(later))
    local due = next_due()
    sweep_at(due)
    hint_due(due)
  end
  emit('queued', queued)
  emit('scheduled', scheduled)
end

-- A parent of these jobs, all of this queue, has ended.
local function unblock (ids, letter, parent)
  local states = redis.call('HMGET', BLOCKED, unpack(ids))
  local freed, priorities, times, groups = {}, {}, {}, {}
  local cancelled, outcomes, counted, gone = {}, {}, {}, {}
  for i, state in ipairs(states) do
    -- A child that was cancelled or deleted is no longer there.
    local left, policy, due, priority, mark = string.match(state or '', '^(%d+) (%a) (%d+) (%a)(@?.*)$')
    if left and letter ~= 'c' and policy == 'c' then
      outcomes[#outcomes + 1], outcomes[#outcomes + 2] = ids[i], cancelled_outcome(never_leased(priority), '-', nil, parent_failed(parent))
      gone[#gone + 1], cancelled[#cancelled + 1] = ids[i], ids[i]
    elseif left and tonumber(left) > 1 then
      counted[#counted + 1], counted[#counted + 2] = ids[i], table.concat({ left - 1, policy, due, priority .. mark }, ' ')
    elseif left then
      gone[#gone + 1] = ids[i]
      freed[#freed + 1], priorities[#priorities + 1], times[#times + 1] = ids[i], priority, tonumber(due)
      groups[#groups + 1] = string.sub(mark, 2)
    end
  end
  if #counted > 0 then redis.call('HSET', BLOCKED, unpack(counted)) end
  if #gone > 0 then redis.call('HDEL', BLOCKED, unpack(gone)) end
  end_cancelled(outcomes)
  place(freed, priorities, times, groups)
  emit('cancelled', cancelled)
  if #cancelled > 0 then sweep_at(NOW) end -- which knows how many cancelled jobs the queue keeps
  if #freed > 0 then wake() end
end

-- Up to `max` children of a parent. Returns how many.
local function settle_children (letter, key, parent, max)
  local children, by_queue = redis.call('LPOP', key, max) or {}, {}
  for _, child in ipairs(children) do
    local queue = string.sub(child, ID_LENGTH + 1)
    by_queue[queue] = by_queue[queue] or {}
    table.insert(by_queue[queue], string.sub(child, 1, ID_LENGTH))
  end
  for queue, ids in pairs(by_queue) do
    enter(queue)
    unblock(ids, letter, parent)
  end
  enter(ARGV[1])
  return #children
end

-- How many links an entry of SETTLING stands for.
local function weight_of (text)
  if string.sub(text, 1, 1) == 'p' then
    local _, count = parse_let_go(string.sub(text, 2))
    return count
  end
  return redis.call('LLEN', CHILDREN .. string.sub(text, 2)) + 1
end

-- What has been left to do before: as much as fits, and one at least.
local function resume_settling ()
  local links, count = 0, 0
  while links < MAX_LINKS do
    local some = redis.call('LRANGE', SETTLING, count, count + 7)
    for _, text in ipairs(some) do
      local letter, rest = string.sub(text, 1, 1), string.sub(text, 2)
      links, count = links + weight_of(text), count + 1
      if letter == 'p' then
        let_go[#let_go + 1] = rest
      else
        ended_parents[#ended_parents + 1] = { letter, CHILDREN .. rest, string.sub(rest, 1, ID_LENGTH) }
      end
      if links >= MAX_LINKS then break end
    end
    if #some < 8 then break end
  end
  if count > 0 then redis.call('LPOP', SETTLING, count) end
end

-- The first of those who let their parents go, as many as fit. Returns which come behind them.
local function let_go_first (max)
  local links, at, counts = 0, 1, {}
  while let_go[at] and links < max do
    local parents, count, child = parse_let_go(let_go[at])
    links = links + count
    for id in each_id(parents) do
      counts[id] = (counts[id] or 0) + 1
      if child then links = links + leave_parent(id, child) end
    end
    at = at + 1
  end
  if links > 0 then let_parents_go(counts) end
  return at
end

-- Does what is to do, or leaves it in SETTLING.
local function settle_links ()
  if #ended_parents + #let_go == 0 then return end
  local links, at = 0, 1
  while links < MAX_LINKS and ended_parents[at] do
    local letter, key, id = unpack(ended_parents[at])
    local count = settle_children(letter, key, id, MAX_LINKS - links)
    links = links + count + 1
    if redis.call('EXISTS', key) == 0 then at = at + 1 end
  end
  local left = {}
  for i = at, #ended_parents do
    local letter, key, id = unpack(ended_parents[i])
    -- Under another name: a parent that is run again may get children meanwhile, which wait for its next end.
    if key == CHILDREN .. id and redis.call('EXISTS', key) == 1 then
      redis.call('RENAME', key, key .. '.' .. NOW)
      key = key .. '.' .. NOW
    end
    left[#left + 1] = letter .. string.sub(key, #CHILDREN + 1)
  end
  for i = let_go_first(MAX_LINKS), #let_go do left[#left + 1] = 'p' .. let_go[i] end
  if #left > 0 then
    redis.call('RPUSH', SETTLING, unpack(left))
    sweep_at(NOW)
  end
  ended_parents, let_go = {}, {}
end

-- The last thing that a script does.
local function conclude ()
  settle_links()
  tell()
end
