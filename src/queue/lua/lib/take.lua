-- include lib/token
-- include lib/adopt
-- include lib/due
-- Leases up to `max` ready jobs to a worker, high before normal before low, oldest first. Stops early when the records
-- reach BYTES. Returns groups of jobs that share a token, { token, id, record, id, record, … }, how many jobs, and how many
-- bytes their records have.
local CHUNK, BYTES = 64, 4 * 1024 * 1024

local function take (worker, nonce, max, lease_ms)
  local groups, by_token, leased = {}, {}, {}
  local count, bytes = 0, 0
  local any_history = redis.call('EXISTS', ATTEMPTS) == 1
  for _, priority in ipairs(PRIORITIES) do
    local fresh = make_token(priority, false, 1, 0, nonce)
    while count < max and bytes < BYTES do
      local ids = redis.call('LPOP', LISTS[priority], math.min(CHUNK, max - count))
      if not ids then break end
      local records = redis.call('HMGET', JOBS, unpack(ids))
      local history = any_history and redis.call('HMGET', ATTEMPTS, unpack(ids))
      for i = 1, #ids do
        if bytes >= BYTES then
          for rest = #ids, i, -1 do redis.call('LPUSH', LISTS[priority], ids[rest]) end
          break
        end
        local id, record, token = ids[i], records[i], fresh
        if not record then id, record = adopt(id, priority) end
        if history and history[i] then
          local failed, lost = string.match(history[i], '^(%d+) (%d+)')
          token = make_token(priority, true, failed + 1, lost, nonce)
        end
        local group = by_token[token]
        if not group then
          group = { token }
          by_token[token], groups[#groups + 1] = group, group
        end
        group[#group + 1], group[#group + 2] = id, record
        leased[#leased + 1], leased[#leased + 2] = id, token
        bytes = bytes + #record
        count = count + 1
      end
    end
  end
  if count > 0 then
    redis.call('HSET', held_by(worker), unpack(leased))
    redis.call('ZADD', ACTIVE, NOW + lease_ms, worker)
  end
  return groups, count, bytes
end
