-- exports Upkeep
-- include lib/keys
-- include lib/settings
-- include lib/token
-- include lib/turns
-- include lib/limits
-- What limits count, and which groups sleep for them, is made right when the settings change, and looked at anew once in EVERY_MS: what an older
-- version of the scripts did, or somebody else, is not in it. Of a queue with more than MAX_WORKERS workers jobs are not counted anew.
--   LIMITS    `looking`, where ZSCAN of ASLEEP goes on while all groups that sleep are looked at; `looked_at` (ms), when that was last done.
--   SETTINGS  `counted`, the last worker, by name, of which jobs are in GROUPS.counting, while those of groups are counted anew: in steps,
--             as they can be many. What these workers do meanwhile is counted there, too (lib/groups).
local Upkeep = {}
Upkeep.EVERY_MS, Upkeep.MAX_WORKERS, Upkeep.MAX_SLEEPERS = 60000, 1000, MAX_ITEMS / 4

-- How many jobs the workers of the queue hold; nil when there are too many workers.
function Upkeep.count_leased ()
  local workers, count = redis.call('ZRANGE', ACTIVE, 0, Upkeep.MAX_WORKERS), 0
  if #workers > Upkeep.MAX_WORKERS then return nil end
  for _, worker in ipairs(workers) do count = count + redis.call('HLEN', held_by(worker)) end
  return count
end

function Upkeep.recount ()
  if not read_settings().concurrency then return end
  local running = Upkeep.count_leased()
  if running then redis.call('HSET', LIMITS, 'running', running) end
end

-- How many jobs of each group these workers hold, those whose names are behind one, until `most` jobs have been seen. Returns the last of
-- these workers, too; nil when that is the last of all.
function Upkeep.count_groups (workers, after, most)
  table.sort(workers)
  local counts, seen, last = {}, 0, after
  for _, worker in ipairs(workers) do
    if worker > after then
      if seen >= most then return counts, last end
      for _, token in ipairs(redis.call('HVALS', held_by(worker))) do
        local group = parse_token(token).group
        seen = seen + 1
        if group then counts[group] = (counts[group] or 0) + 1 end
      end
      last = worker
    end
  end
  return counts, nil
end

-- A step of counting the jobs that run of each group. Returns whether there is more of it.
function Upkeep.recount_groups ()
  local known = read_settings()
  local workers = redis.call('ZRANGE', ACTIVE, 0, Upkeep.MAX_WORKERS)
  if #workers > Upkeep.MAX_WORKERS then
    redis.call('UNLINK', GROUPS.counting)
    known.counted = nil
  else
    local counts
    counts, known.counted = Upkeep.count_groups(workers, known.counted or '', MAX_ITEMS / 2)
    for group, count in pairs(counts) do redis.call('HINCRBY', GROUPS.counting, group, count) end
  end
  if known.counted then
    redis.call('HSET', SETTINGS, 'counted', known.counted)
    return true
  end
  redis.call('HDEL', SETTINGS, 'counted')
  if #workers <= Upkeep.MAX_WORKERS then
    redis.call('UNLINK', GROUPS.running)
    if redis.call('EXISTS', GROUPS.counting) == 1 then redis.call('RENAME', GROUPS.counting, GROUPS.running) end
  end
  return false
end

-- A step of looking at the groups that sleep: those that may start a job take part again, and the others know when they may. Returns whether there
-- is more of it.
function Upkeep.look (cursor)
  local next_cursor, found = unpack(redis.call('ZSCAN', GROUPS.asleep, cursor, 'COUNT', Upkeep.MAX_SLEEPERS))
  local members, groups, awake, asleep = {}, {}, {}, {}
  for i = 1, #found, 2 do members[#members + 1], groups[#groups + 1] = found[i], string.sub(found[i], 2) end
  if #groups > 0 then
    local rooms, from = Groups.room_of(groups)
    for i, member in ipairs(members) do
      if rooms[i] == 0 then asleep[#asleep + 1], asleep[#asleep + 2] = from[i], member else awake[#awake + 1] = member end
    end
    if #asleep > 0 then redis.call('ZADD', GROUPS.asleep, unpack(asleep)) end
    Groups.awake(awake)
  end
  if next_cursor ~= '0' then
    redis.call('HSET', LIMITS, 'looking', next_cursor)
    return true
  end
  redis.call('HDEL', LIMITS, 'looking')
  if read_settings().is_limited then redis.call('HSET', LIMITS, 'looked_at', string.format('%d', NOW)) end
  return false
end

-- The settings are others than before. What there is to look at more the sweep does. With many jobs that run it takes some ms.
function Upkeep.begin ()
  local known = read_settings()
  if not known.concurrency then redis.call('HDEL', LIMITS, 'running') end
  if not known.rate_limit then redis.call('HDEL', LIMITS, 'used_to') end
  if not known.is_limited then redis.call('HDEL', LIMITS, 'looked_at') end
  Upkeep.recount()
  redis.call('UNLINK', GROUPS.running, GROUPS.counting)
  redis.call('HDEL', SETTINGS, 'counted')
  known.counted = nil
  if not Groups.rates() then redis.call('UNLINK', GROUPS.rates) end
  if Groups.counts() then
    local counts = Upkeep.count_groups(redis.call('ZRANGE', ACTIVE, 0, Upkeep.MAX_WORKERS - 1), '', math.huge)
    for group, count in pairs(counts) do redis.call('HSET', GROUPS.running, group, count) end
  end
  Upkeep.look('0')
end

-- What the sweep does. Returns whether there is more of it.
function Upkeep.step ()
  if not (read_settings().is_limited or read_settings().grouped) then return false end
  Upkeep.recount()
  local forgetting = Groups.forget_rates()
  local looking, looked_at = unpack(redis.call('HMGET', LIMITS, 'looking', 'looked_at'))
  if not looking and read_settings().is_limited and math.abs(NOW - (looked_at or 0)) >= Upkeep.EVERY_MS then
    if Groups.counts() and Upkeep.recount_groups() then return true end
    looking = '0'
  end
  return looking and Upkeep.look(looking) or forgetting
end
