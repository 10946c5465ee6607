#!lua flags=allow-oom
-- Deletes jobs of one status for good, with all that is kept of them. Who follows one that has not ended is told that it is cancelled.
-- ARGV: queue, status: queued, scheduled, retrying, completed, failed or cancelled.
-- Returns: { how many were deleted, 1 when there are more or 0 }.
-- Promises: at most MAX_ITEMS a call; what a worker holds is never touched. Runs when Redis is out of memory: it makes room.
-- include lib/keys
-- include lib/emit
-- include lib/finish
local status = ARGV[2]

-- The ids of what is no ghost (lib/ties) among the entries of a list. Their records are not read: they can be large.
local function ids_of (entries, priority)
  local ids, there = {}, {}
  for i = 1, #entries do ids[i] = id_of(entries[i]) end
  local ties = ties_of(ids)
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
  forget(ids)
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
  local deleted, seen, left = 0, 0, 0
  for _, priority in ipairs(PRIORITIES) do
    local entries = seen < MAX_ITEMS and redis.call('LPOP', LISTS[priority], MAX_ITEMS - seen) or {}
    seen = seen + #entries
    if #entries > 0 then deleted = deleted + erase(ids_of(entries, priority)) end
    left = left + redis.call('LLEN', LISTS[priority])
  end
  return deleted, left
end

local function purge_completed ()
  local count = math.min(MAX_ITEMS, redis.call('LLEN', COMPLETED))
  return count > 0 and drop_completed(count) or 0, redis.call('LLEN', COMPLETED)
end

-- A member of those that wait for their time is the priority's letter and the job's entry.
local function purge_sorted (key, prefix)
  local ids = redis.call('ZRANGE', key, 0, MAX_ITEMS - 1)
  redis.call('ZREMRANGEBYRANK', key, 0, MAX_ITEMS - 1)
  for i = 1, #ids do ids[i] = id_of(string.sub(ids[i], prefix + 1)) end
  return erase(ids, prefix == 0), redis.call('ZCARD', key)
end

local deleted, left
if status == 'queued' then deleted, left = purge_queued()
elseif status == 'completed' then deleted, left = purge_completed()
elseif status == 'scheduled' then deleted, left = purge_sorted(SCHEDULED, 1)
elseif status == 'retrying' then deleted, left = purge_sorted(RETRYING, 1)
elseif status == 'failed' then deleted, left = purge_sorted(DLQ, 0)
else deleted, left = purge_sorted(CANCELLED, 0) end
tell()
return { deleted, left > 0 and 1 or 0 }
