-- exports items, read_items, kept_before, refusal_of_all, keep_all
-- include lib/keys
-- include lib/holders
-- include lib/keep
-- Keeping new jobs that have conditions. Each comes as seven ARGV: queue, id, record, times (lib/keep), its unique key: `<r|j|p> <c|s|ms> <hash>`
-- (when somebody has the key: return him, reject, replace him; held until the job has completed, has started, or for so long) or '',
-- its parents: `<c|r><ids>` (lib/parents) or '', and 1 when it has a callback (lib/outbox) or ''.
local FIELDS = 7
local MAX_FAILURES = 512 * 1024 -- a larger outcome has a result: the job has completed

local items
local queues, by_queue, parent_states
at_start(function () items, queues, by_queue, parent_states = {}, {}, {}, {} end)

local function read_items (first)
  for at = first, #ARGV, FIELDS do
    local queue, item = ARGV[at], { index = #items, id = ARGV[at + 1], record = ARGV[at + 2], parents = {} }
    item.due, item.expires = times_of(ARGV[at + 3])
    if ARGV[at + 4] ~= '' then item.on_conflict, item.held, item.hash = string.match(ARGV[at + 4], '^(%a) (%w+) (%S+)$') end
    if ARGV[at + 5] ~= '' then
      item.policy = string.sub(ARGV[at + 5], 1, 1)
      for id in each_id(string.sub(ARGV[at + 5], 2)) do item.parents[#item.parents + 1] = id end
    end
    item.callback = ARGV[at + 6] == '1'
    items[#items + 1] = item
    if not by_queue[queue] then
      by_queue[queue] = { name = queue, items = {}, replaced = {} }
      queues[#queues + 1] = by_queue[queue]
    end
    table.insert(by_queue[queue].items, item)
  end
end

-- Of a call that is sent again.
local function kept_before ()
  local ids, any = {}, false
  for i, item in ipairs(items) do ids[i] = item.id end
  for i, record in ipairs(redis.call('HMGET', JOBS, unpack(ids))) do
    items[i].is_known = record ~= false
    any = any or record
  end
  if not any then return end
  local states = {}
  for _, queue in ipairs(queues) do
    enter(queue.name)
    for _, item in ipairs(queue.items) do
      states[item.index + 1] = 'e' .. (not item.is_known and item.hash and redis.call('GET', UNIQUE .. item.hash) or item.id)
    end
  end
  return { NOW, table.concat(states) }
end

-- `o` while it has not ended, else its outcome's letter; false when it is not there.
local function state_of_parent (id)
  local state = parent_states[id]
  if state == nil then
    local size = redis.call('HSTRLEN', OUTCOMES, id)
    if redis.call('HEXISTS', JOBS, id) == 0 then state = false
    elseif size == 0 then state = 'o'
    elseif size > MAX_FAILURES then state = 'c'
    else state = string.sub(redis.call('HGET', OUTCOMES, id), 1, 1) end
    parent_states[id] = state
  end
  return state
end

-- How many parents a job waits for, and whether one has failed. Returns what is wrong, if anything is.
local function judge_parents (item)
  item.waits_for = {}
  for i, parent in ipairs(item.parents) do
    local state = state_of_parent(parent)
    if not state then return { 'no_parent', item.index, i - 1 } end
    if state == 'o' then table.insert(item.waits_for, parent) end
    if state ~= 'o' and state ~= 'c' and item.policy == 'c' then item.failed_parent = item.failed_parent or parent end
  end
end

-- What `cancel` wants of a record. To read a large one takes its time, so it is done once.
local function first_line (record) return string.match(record, '^[^\n]*') end

-- The first line of the record of a job that has not ended and does not run; false of any other. `is_held`: whether a worker holds it.
local function waiting (id, is_held)
  if redis.call('HEXISTS', OUTCOMES, id) == 1 then return false end
  local head = first_line(redis.call('HGET', JOBS, id))
  local member = member_of(string.sub(head, 14, 14), entry_of(id, has_ties() and redis.call('HGET', TIES, id)), group_of(head))
  local is_put_off = redis.call('ZSCORE', SCHEDULED, member) or redis.call('HEXISTS', BLOCKED, id) == 1 or redis.call('ZSCORE', RETRYING, member)
  return (is_put_off or not is_held(id)) and head
end

-- Who has the unique key of a job: of this call, or of `holders`. Returns what is wrong, if anything is.
local function judge_key (item, claimed, holders, is_held, replaced)
  local ours = claimed[item.hash]
  local holder = ours and ours.id or holders[item.hash]
  if holder and not ours and redis.call('HEXISTS', JOBS, holder) == 0 then
    -- Forgotten: what is held for a time is held all the same.
    if redis.call('PTTL', UNIQUE .. item.hash) >= 0 then return { 'taken', item.index, '', -1 } end
    holder = nil
  end
  if holder then
    if item.on_conflict == 'r' then
      item.existing = holder
      return
    end
    local head = item.on_conflict == 'p' and (ours and first_line(STAMP .. ours.record) or waiting(holder, is_held))
    if not head then return { 'taken', item.index, ours and '' or holder, ours and ours.index or -1 } end
    replaced[#replaced + 1] = { holder, item.id, head }
  end
  claimed[item.hash] = item
end

-- The jobs that have unique keys that these ask for, by hash.
local function holders_of (asking)
  local keys, hashes, holders = {}, {}, {}
  for _, item in ipairs(asking) do
    if item.hash then keys[#keys + 1], hashes[#hashes + 1] = UNIQUE .. item.hash, item.hash end
  end
  for i, holder in ipairs(#keys > 0 and redis.call('MGET', unpack(keys)) or {}) do holders[hashes[i]] = holder end
  return holders
end

-- Whether a worker holds one of these jobs, by hash; they are looked for all at once when it is asked first.
local function held_of (holders)
  local held
  return function (id)
    if not held then
      local ids = {}
      for _, holder in pairs(holders) do if holder then ids[#ids + 1] = holder end end
      held = holders_among(ids)
    end
    return held[id]
  end
end

-- Returns what refuses the jobs of a queue; else they know by then what becomes of them.
local function refused (queue)
  local count, claimed, holders = 0, {}, holders_of(queue.items)
  local is_held = held_of(holders)
  for _, item in ipairs(queue.items) do
    local wrong = judge_parents(item)
    if not wrong and item.hash and not item.failed_parent then wrong = judge_key(item, claimed, holders, is_held, queue.replaced) end
    if wrong then return wrong end
    if not item.existing and not item.failed_parent then count = count + 1 end
  end
  return refusal(count - #queue.replaced)
end

-- A job that waits for its parents: its members of the hashes and lists in which it stands.
local function block (item, records, blocked, children, expiring)
  local record = STAMP .. item.record
  local group = group_of(record)
  local priority = string.sub(item.record, 1, 1) .. (group and '@' .. group or '')
  records[#records + 1], records[#records + 2] = item.id, record
  blocked[#blocked + 1], blocked[#blocked + 2] = item.id, table.concat({ #item.waits_for, item.policy, string.format('%d', item.due > NOW and item.due or 0), priority }, ' ')
  for _, parent in ipairs(item.waits_for) do
    children[parent] = children[parent] or {}
    table.insert(children[parent], item.id .. QUEUE)
  end
  if item.expires then expiring[#expiring + 1], expiring[#expiring + 2] = item.expires, item.id end
end

-- Notes who has unique keys from now on, which jobs keep their parents, and what is to do when they start and end.
local function tie_all (kept)
  local keys, ties, parents = {}, {}, {}
  for _, item in ipairs(kept) do
    local notes = ''
    if item.held == 'c' or item.held == 's' then
      keys[#keys + 1], keys[#keys + 2] = UNIQUE .. item.hash, item.id
      notes = 'u' .. item.held .. item.hash .. ';'
    elseif item.held then
      redis.call('SET', UNIQUE .. item.hash, item.id, 'PX', item.held)
    end
    if #item.parents > 0 then
      for _, parent in ipairs(item.parents) do parents[parent] = (parents[parent] or 0) + 1 end
      notes = notes .. 'p' .. table.concat(item.parents) .. ';'
    end
    if item.callback then notes = notes .. '*;' end
    if notes ~= '' then ties[#ties + 1], ties[#ties + 2] = item.id, '|0|' .. notes end
  end
  if #keys > 0 then redis.call('MSET', unpack(keys)) end
  if #ties > 0 then tie_new(ties) end
  if next(parents) then hold_parents(parents) end
end

local function cancel_replaced (replaced)
  for _, pair in ipairs(replaced) do
    local id, by, head = unpack(pair)
    cancel(id, head, '{"reason":"replaced","job_id":"' .. by .. '"}')
    emit('cancelled', { id })
  end
end

local function keep (queue)
  local kept, timed, ids, failed_ids, blocked_ids, failed_ties = {}, {}, {}, {}, {}, {}
  local records, outcomes, blocked, children, expiring = {}, {}, {}, {}, {}
  for _, item in ipairs(queue.items) do
    local id = item.id
    if not item.existing then ids[#ids + 1] = id end
    if item.failed_parent then
      failed_ids[#failed_ids + 1] = id
      if item.callback then failed_ties[#failed_ties + 1], failed_ties[#failed_ties + 2] = id, '|0|*;' end
      records[#records + 1], records[#records + 2] = id, STAMP .. item.record
      outcomes[#outcomes + 1], outcomes[#outcomes + 2] = id, cancelled_outcome(never_leased(string.sub(item.record, 1, 1)), '-', nil, parent_failed(item.failed_parent))
    elseif not item.existing then
      kept[#kept + 1] = item
      if #item.waits_for > 0 then
        blocked_ids[#blocked_ids + 1] = id
        block(item, records, blocked, children, expiring)
      else
        timed[#timed + 1] = { id, item.record, item.due, item.expires }
      end
    end
  end
  tie_all(kept)
  if #failed_ties > 0 then tie_new(failed_ties) end
  local any_later = keep_timed(timed)
  if #records > 0 then redis.call('HSET', JOBS, unpack(records)) end
  if #blocked > 0 then redis.call('HSET', BLOCKED, unpack(blocked)) end
  for parent, ours in pairs(children) do redis.call('RPUSH', CHILDREN .. parent, unpack(ours)) end
  expire_later(expiring)
  end_cancelled(outcomes)
  emit('blocked', blocked_ids)
  emit('cancelled', failed_ids)
  count_up('submitted', #ids)
  if #ids > 0 then note_ids(text_of(ids)) end
  if #failed_ids + #queue.replaced > 0 then sweep_at(NOW) end -- which knows how many cancelled jobs the queue keeps
  queue.any_later = any_later
end

-- Why the jobs are refused; nil when they are not, and then they know what becomes of them.
local function refusal_of_all ()
  for _, queue in ipairs(queues) do
    enter(queue.name)
    local reason = refused(queue)
    if reason then return reason end
  end
end

-- Keeps them. Returns, for each, `<state><id>`.
local function keep_all ()
  local states = {}
  for i, item in ipairs(items) do
    local state = item.existing and 'e' or item.failed_parent and 'x' or #item.waits_for > 0 and 'b' or item.due > NOW and 's' or 'q'
    states[i] = state .. (item.existing or item.id)
  end
  local function in_each (act)
    for _, queue in ipairs(queues) do
      enter(queue.name)
      act(queue)
    end
  end
  -- One after the other: what is replaced may be the parent of a job of a later queue, and nobody is to be handed what is replaced.
  in_each(keep)
  in_each(function (queue) cancel_replaced(queue.replaced) end)
  in_each(function (queue)
    wake()
    if queue.any_later and next_due() then announce_due() end
  end)
  enter(ARGV[1])
  return table.concat(states)
end
