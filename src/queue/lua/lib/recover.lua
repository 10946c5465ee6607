-- exports recover
-- include lib/finish
-- include lib/bytes
-- include lib/ready
-- include lib/limits
-- Taking back leases that have run out.
local LOST = '{"reason":"lost_lease","message":"The lease ran out: the worker stopped renewing it."}'

-- Of a remote worker's leases those that have run out: { id, token, … }. What is in the set of their ends and no longer held was cancelled.
local function lapsed (worker)
  local ids, held, gone = redis.call('ZRANGEBYSCORE', until_of(worker), '-inf', NOW, 'LIMIT', 0, MAX_ITEMS / 2), {}, {}
  if #ids == 0 then return held end
  for i, token in ipairs(redis.call('HMGET', held_by(worker), unpack(ids))) do
    if token then held[#held + 1], held[#held + 2] = ids[i], token else gone[#gone + 1] = ids[i] end
  end
  if #gone > 0 then redis.call('ZREM', until_of(worker), unpack(gone)) end
  return held
end

-- One worker whose leases have run out: each of its jobs is lost once more, and at max_lost it is buried. Up to half of MAX_ITEMS of what it held, and fewer where their failures are large. Returns how many jobs went back, how many
-- were buried, and whether there was such a worker.
local function recover (max_lost)
  local worker = redis.call('ZRANGEBYSCORE', ACTIVE, '-inf', NOW, 'LIMIT', 0, 1)[1]
  if not worker then return 0, 0, false end
  -- Not HSCAN, which finds nothing when the hash is large and has become sparse.
  local held = is_remote(worker) and lapsed(worker) or redis.call('HRANDFIELD', held_by(worker), MAX_ITEMS / 2, 'WITHVALUES')
  local back, buried, ready, tokens, bytes = {}, {}, {}, {}, 0
  for i = 1, #held, 2 do
    if bytes >= MAX_READ then break end
    local id, lease = held[i], parse_token(held[i + 1])
    local history = redis.call('HGET', ATTEMPTS, id)
    bytes = bytes + #(history or '')
    local errors = add_error(errors_of(history), lease.attempt, worker, LOST)
    local gone = { priority = lease.priority, attempt = lease.attempt - 1, lost = lease.lost + 1, at = lease.at, group = lease.group }
    tokens[#tokens + 1] = held[i + 1]
    if gone.lost >= max_lost then
      bury(id, gone, worker, errors)
      buried[#buried + 1] = id
    else
      redis.call('HSET', ATTEMPTS, id, gone.attempt .. ' ' .. gone.lost .. '\n' .. errors)
      gather(ready, lease.priority, id .. lease.suffix, lease.group)
      back[#back + 1] = id
    end
    redis.call('HDEL', held_by(worker), id)
    redis.call('HDEL', PROGRESS, id)
    if is_remote(worker) then redis.call('ZREM', until_of(worker), id) end
  end
  put(ready, true)
  if read_settings().is_limited then Limits.count_out(worker, tokens) end
  if redis.call('EXISTS', held_by(worker)) == 0 then
    redis.call('ZREM', ACTIVE, worker)
    if is_remote(worker) then redis.call('DEL', until_of(worker)) end
  elseif is_remote(worker) then
    redis.call('ZADD', ACTIVE, redis.call('ZRANGE', until_of(worker), 0, 0, 'WITHSCORES')[2], worker)
  end
  count_up('lost', #back + #buried)
  count_up('failed', #buried)
  emit('queued', back, worker)
  emit('failed', buried, worker)
  return #back, #buried, true
end
