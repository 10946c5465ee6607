-- include lib/token
-- include lib/adopt
-- include lib/finish
-- include lib/due
-- Leases up to `max` ready jobs to a worker, high before normal before low, oldest first, as long as their records stay
-- within max_bytes; `first` is whether the first may be larger. Returns groups of jobs that share a token, { token, id, record, id, record, … }, how many
-- jobs, and how many bytes their records have. What is too large to be a job is dead-lettered on the way.
local MAX_CHUNK = 64
local TOO_LARGE = '{"reason":"not_a_job","message":"The list entry is larger than 4 MiB; only its beginning is shown."}'

local function take (worker, nonce, max, lease_ms, max_bytes, first)
  local groups, by_token, leased = {}, {}, {}
  local adopted, started, dead = {}, {}, {} -- ids
  local count, bytes, full = 0, 0, false
  -- How many to read at a time: twice as many each time, and no more than fit if they are like those before. What does not
  -- fit has been read for nothing, and a record can have a megabyte.
  local chunk = 1
  local any_history = redis.call('EXISTS', ATTEMPTS) == 1
  for _, priority in ipairs(PRIORITIES) do
    local fresh = make_token(priority, false, 1, 0, nonce)
    while count + #dead < max and not full do
      local ids = redis.call('LPOP', LISTS[priority], math.min(chunk, max - count - #dead))
      if not ids then break end
      local records = redis.call('HMGET', JOBS, unpack(ids))
      local history = any_history and redis.call('HMGET', ATTEMPTS, unpack(ids))
      for i = 1, #ids do
        local size = #(records[i] or ids[i])
        full = size <= MAX_RECORD and bytes + size > max_bytes and not (first and count == 0)
        if full then
          for rest = #ids, i, -1 do redis.call('LPUSH', LISTS[priority], ids[rest]) end
          break
        end
        local id, record, token = ids[i], records[i], fresh
        if not record then
          id, record = adopt(id, priority)
          adopted[#adopted + 1] = id
        end
        if history and history[i] then
          local failed, lost = string.match(history[i], '^(%d+) (%d+)')
          token = make_token(priority, true, failed + 1, lost, nonce)
        end
        if size > MAX_RECORD then
          bury(id, parse_token(token), worker, add_error('', 1, worker, TOO_LARGE))
          dead[#dead + 1] = id
        else
          local group = by_token[token]
          if not group then
            group = { token }
            by_token[token], groups[#groups + 1] = group, group
          end
          group[#group + 1], group[#group + 2] = id, record
          leased[#leased + 1], leased[#leased + 2] = id, token
          bytes = bytes + size
          count = count + 1
          started[count] = id
        end
      end
      local fitting = bytes > 0 and math.ceil((max_bytes - bytes) / bytes * count) or MAX_CHUNK
      chunk = math.max(1, math.min(2 * chunk, MAX_CHUNK, fitting))
    end
  end
  if count > 0 then
    redis.call('HSET', held_by(worker), unpack(leased))
    if redis.call('ZADD', ACTIVE, NOW + lease_ms, worker) == 1 then sweep_at(NOW + lease_ms) end
  end
  count_up('failed', #dead)
  emit('submitted', adopted)
  emit('started', started, worker)
  emit('failed', dead, worker)
  return groups, count, bytes
end
