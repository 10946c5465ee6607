#!lua flags=allow-oom
-- Deletes jobs of one status for good, with all that is kept of them. Who follows one that has not ended is told that it is cancelled.
-- ARGV: queue, status: queued, scheduled, retrying, blocked, completed, failed or cancelled.
-- Returns: { how many were deleted, 1 when there are more or 0 }.
-- Promises: at most MAX_ITEMS a call, and fewer when what is kept of them has more than BYTES; what a worker holds is never touched. Runs when Redis is out of memory: it makes room.
-- include lib/keys
-- include lib/conclude
-- include lib/bytes
local status = ARGV[2]
local BYTES = 32 * 1024 * 1024 -- of these and their outcomes: to free large values takes its time
local KEPT = { JOBS, OUTCOMES }

-- The ids of what is no ghost (lib/ties) among the entries of a list. Their records are not read: they can be large.
local function ids_of (entries, priority)
  local ids, there = {}, {}
  for i = 1, #entries do ids[i] = id_of(entries[i]) end
  local ties = #ids > 0 and ties_of(ids)
  for i = 1, #ids do
    local known = ties and ties[i] and redis.call('HGET', TIES, ids[i])
    local exists = known and redis.call('HEXISTS', JOBS, ids[i]) == 1
    if known and (not exists or entries[i] ~= entry_of(ids[i], known)) then
      bust_ghost(ids[i], known, priority, exists)
    else
      there[#there + 1] = ids[i]
    end
  end
  return there
end

local function erase (ids, has_ended)
  if #ids == 0 then return 0 end
  if not has_ended then ended(ids, 'x') end
  forget(ids, true)
  if not has_ended then
    redis.call('HDEL', ATTEMPTS, unpack(ids))
    redis.call('ZREM', EXPIRING, unpack(ids))
    local ours = {}
    for i = 1, #ids do if #ids[i] == ID_LENGTH then ours[#ours + 1] = ids[i] end end
    emit('cancelled', ours)
  end
  return #ids
end

local function purge_queued ()
  if read_settings().grouped then Groups.awake(redis.call('ZRANGE', GROUPS.asleep, 0, MAX_ITEMS - 1)) end
  for _, priority in ipairs(PRIORITIES) do
    -- One priority a call, so that the bound of bytes is that of the call; what a short one leaves of it the next call takes.
    local entries, groups = pop(priority, MAX_ITEMS, true)
    if entries then
      local ids = {}
      for i = 1, #entries do ids[i] = id_of(entries[i]) end
      local count = fitting(ids, KEPT, BYTES)
      unpop(priority, { unpack(entries, count + 1) }, groups and { unpack(groups, count + 1) })
      return erase(ids_of({ unpack(entries, 1, count) }, priority))
    end
  end
  return 0
end

local function purge_completed ()
  local count = fitting(redis.call('LRANGE', COMPLETED, 0, MAX_ITEMS - 1), KEPT, BYTES)
  return count > 0 and drop_completed(count, true) or 0
end

-- A member of those that wait for their time is that of lib/ties.
local function purge_sorted (key, prefix)
  local has_ended = prefix == 0
  local ids = redis.call('ZRANGE', key, 0, MAX_ITEMS - 1)
  for i = 1, #ids do ids[i] = string.sub(ids[i], prefix + 1, prefix + ID_LENGTH) end
  local count = fitting(ids, KEPT, BYTES)
  if count > 0 then redis.call('ZREMRANGEBYRANK', key, 0, count - 1) end
  return erase({ unpack(ids, 1, count) }, has_ended)
end

local function purge_blocked ()
  local ids = redis.call('HRANDFIELD', BLOCKED, MAX_ITEMS)
  ids = { unpack(ids, 1, (fitting(ids, KEPT, BYTES))) }
  if #ids > 0 then redis.call('HDEL', BLOCKED, unpack(ids)) end
  return erase(ids)
end

local purge = {
  queued = purge_queued,
  completed = purge_completed,
  blocked = purge_blocked,
  scheduled = function () return purge_sorted(SCHEDULED, 1) end,
  retrying = function () return purge_sorted(RETRYING, 1) end,
  failed = function () return purge_sorted(DLQ, 0) end,
  cancelled = function () return purge_sorted(CANCELLED, 0) end
}
local PLACES = { completed = COMPLETED, blocked = BLOCKED, scheduled = SCHEDULED, retrying = RETRYING, failed = DLQ, cancelled = CANCELLED }

local deleted = purge[status]()
conclude() -- may bring children here
local left = status == 'queued' and count_ready() or redis.call('EXISTS', PLACES[status])
return { deleted, left > 0 and 1 or 0 }
