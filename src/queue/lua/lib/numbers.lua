-- exports numbers
-- include lib/keys
-- include lib/turns
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
    local record = waiting[i] > 0 and Turns.first_waiting(priority, max_ghosts)
    local created = record and tonumber(string.sub(record, 1, 13))
    if created and (oldest == 0 or created < oldest) then oldest = created end
  end
  return {
    NOW, waiting[1], waiting[2], waiting[3], redis.call('ZCARD', SCHEDULED), redis.call('ZCARD', RETRYING), active,
    math.max(0, redis.call('LLEN', COMPLETED) - (ghosts[4] or 0)), redis.call('ZCARD', DLQ), redis.call('ZCARD', CANCELLED), oldest, redis.call('HGETALL', STATS),
    is_paused() and 1 or 0, redis.call('HLEN', BLOCKED)
  }, #workers
end
