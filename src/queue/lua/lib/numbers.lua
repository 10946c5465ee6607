-- exports numbers
-- include lib/keys
-- include lib/turns
-- include lib/bytes
local to_read -- bytes of records, by all queues of a call together
at_start(function () to_read = MAX_READ end)

-- When an id was made (UUIDv7), by the clock of whoever made it, ms.
local function time_in (id)
  local BASE64URL, ms = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', 0
  for i = 1, 8 do ms = 64 * ms + string.find(BASE64URL, string.sub(id, i, i), 1, true) - 1 end
  return ms
end

-- When a job was created, ms; nil when there is no such job. Of one whose record is too large to be read it is what its id says.
local function created_at (id)
  local size = redis.call('HSTRLEN', JOBS, id)
  if size == 0 then return nil end
  if size > to_read and to_read < MAX_READ then return time_in(id) end
  to_read = to_read - size
  return tonumber(string.sub(redis.call('HGET', JOBS, id), 1, 13))
end

-- The queue in numbers: { now, high, normal, low, scheduled, retrying, active, completed, dead, cancelled, oldest waiting job's created_at in
-- ms or 0, totals as field, value, …, whether it is paused (1 or 0), blocked }. Active counts the jobs of at most `max_workers`, and behind
-- `max_ghosts` the oldest job is not sought. Returns, too, how many workers it has looked at.
local function numbers (max_workers, max_ghosts)
  local active, workers = 0, max_workers > 0 and redis.call('ZRANGE', ACTIVE, 0, max_workers - 1) or {}
  for _, worker in ipairs(workers) do active = active + redis.call('HLEN', held_by(worker)) end
  local ghosts = redis.call('HMGET', STATS, 'ghosts_h', 'ghosts_n', 'ghosts_l', 'ghosts_c')

  local grouped, waiting, oldest = read_settings().grouped and Turns.count() or { h = 0, n = 0, l = 0 }, {}, 0
  for i, priority in ipairs(PRIORITIES) do
    waiting[i] = math.max(0, redis.call('LLEN', LISTS[priority]) + grouped[priority] - (ghosts[i] or 0))
    local created = waiting[i] > 0 and Turns.first_waiting(priority, max_ghosts, created_at)
    if created and (oldest == 0 or created < oldest) then oldest = created end
  end
  return {
    NOW, waiting[1], waiting[2], waiting[3], redis.call('ZCARD', SCHEDULED), redis.call('ZCARD', RETRYING), active,
    math.max(0, redis.call('LLEN', COMPLETED) - (ghosts[4] or 0)), redis.call('ZCARD', DLQ), redis.call('ZCARD', CANCELLED), oldest, redis.call('HGETALL', STATS),
    is_paused() and 1 or 0, redis.call('HLEN', BLOCKED)
  }, #workers
end
