-- exports refusal
-- include lib/settings
-- include lib/ready
-- Whether so many more jobs may wait in the queue: those that are queued, scheduled, retrying or blocked are at most its max_length, if
-- it has one. Returns false, or what refuses them: { 'full', max_length, how many wait, the queue }.
local function refusal (count)
  local max_length = read_settings().max_length
  if not max_length then return false end
  local waiting = redis.call('HLEN', BLOCKED) + count_ready()
  for _, set in ipairs({ SCHEDULED, RETRYING }) do waiting = waiting + redis.call('ZCARD', set) end
  -- Entries that jobs have left behind (lib/ties) are none that wait.
  for _, ghosts in ipairs(redis.call('HMGET', STATS, 'ghosts_h', 'ghosts_n', 'ghosts_l')) do waiting = waiting - (tonumber(ghosts) or 0) end
  return waiting + count > max_length and { 'full', max_length, waiting, QUEUE }
end
