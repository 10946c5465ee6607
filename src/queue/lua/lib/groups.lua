-- exports Groups
-- include lib/keys
-- include lib/settings
-- include lib/rate
-- include lib/ring
-- What limits the jobs of a group:
--   RUNNING    hash: group -> how many of its jobs workers hold, only while groups have a concurrency, and only of those of which any do.
--   COUNTING   the same, while it is counted anew (lib/upkeep).
--   RATES      zset: group by up to when its rate is used (lib/rate).
--   OVERRIDES  hash: group -> `<concurrency or -> <rate or ->`, for groups that have other limits than the rest.
--   ASLEEP     zset: priority's letter and group, of groups whose turn had come and that were not allowed to start a job, by when they may;
--              those that wait for one of their jobs to end have FAR. Their jobs are all in their lists (lib/ring).
-- Jobs without a group have no such limits. All is done for many groups with one call; a queue without limits of groups does nothing.
local Groups = {}
Groups.FAR = 1e15
at_start(function () Groups.taken = {} end) -- of the jobs that a call leases: group -> how many

function Groups.counts () return read_settings().group_concurrency or string.find(read_settings().overrides or '', 'c', 1, true) end
function Groups.rates () return read_settings().group_rate_limit or string.find(read_settings().overrides or '', 'r', 1, true) end

function Groups.are_limited () return Groups.counts() or Groups.rates() end

-- The limits of some groups: { concurrency or false, rate or false } each.
function Groups.limits_of (groups)
  local known, limits = read_settings(), {}
  local own = known.overrides and redis.call('HMGET', GROUPS.overrides, unpack(groups)) or {}
  for i = 1, #groups do
    local concurrency, rate
    if own[i] then concurrency, rate = string.match(own[i], '^(%S+) (.+)$') end
    if not concurrency or concurrency == '-' then concurrency = known.group_concurrency end
    if not rate or rate == '-' then rate = known.group_rate_limit end
    limits[i] = { tonumber(concurrency or nil) or false, rate or false }
  end
  return limits
end

-- How many jobs each of some groups may start now, and where it is none, when it may (FAR when one of its jobs must end first).
function Groups.room_of (groups)
  local rooms, from = {}, {}
  if not Groups.are_limited() then return rooms, from end
  local limits = Groups.limits_of(groups)
  local running = Groups.counts() and redis.call('HMGET', GROUPS.running, unpack(groups)) or {}
  local used = Groups.rates() and redis.call('ZMSCORE', GROUPS.rates, unpack(groups)) or {}
  for i, group in ipairs(groups) do
    local concurrency, rate = limits[i][1], limits[i][2]
    local ours = Groups.taken[group] or 0
    if group ~= '' then
      if rate then
        local count, next_at = Rate.permitted(rate, tonumber(Rate.used_by(rate, tonumber(used[i] or nil), ours)))
        rooms[i], from[i] = count, next_at
      end
      local free = concurrency and math.max(0, concurrency - (running[i] or 0) - ours)
      if free and free < (rooms[i] or math.huge) then rooms[i], from[i] = free, Groups.FAR end
    end
  end
  return rooms, from
end

-- How many more jobs of one group may run, and how many may start, and when more may.
function Groups.free_slots (group)
  local concurrency = Groups.limits_of({ group })[1][1]
  return concurrency and math.max(0, concurrency - (redis.call('HGET', GROUPS.running, group) or 0)) or math.huge
end

function Groups.permits (group)
  local rate = Groups.limits_of({ group })[1][2]
  if not rate then return math.huge, nil end
  return Rate.permitted(rate, tonumber(redis.call('ZSCORE', GROUPS.rates, group) or nil))
end

-- A job of this group is leased by the call that goes on.
function Groups.take (group) Groups.taken[group] = (Groups.taken[group] or 0) + 1 end

-- While RUNNING is counted anew (lib/upkeep), what becomes of workers that have been counted is noted there, too.
local function follow (worker, group, by)
  local counted = read_settings().counted
  if counted and worker <= counted and redis.call('HINCRBY', GROUPS.counting, group, by) <= 0 then redis.call('HDEL', GROUPS.counting, group) end
end

-- What has been taken is leased.
function Groups.count_in (worker)
  local groups, counts, used = {}, {}, {}
  for group in pairs(Groups.taken) do groups[#groups + 1] = group end
  if #groups == 0 then return end
  if Groups.counts() then
    for i, running in ipairs(redis.call('HMGET', GROUPS.running, unpack(groups))) do
      counts[#counts + 1], counts[#counts + 2] = groups[i], (running or 0) + Groups.taken[groups[i]]
      follow(worker, groups[i], Groups.taken[groups[i]])
    end
    redis.call('HSET', GROUPS.running, unpack(counts))
  end
  if Groups.rates() then
    local limits = Groups.limits_of(groups)
    for i, before in ipairs(redis.call('ZMSCORE', GROUPS.rates, unpack(groups))) do
      local rate = limits[i][2]
      if rate then used[#used + 1], used[#used + 2] = Rate.used_by(rate, tonumber(before or nil), Groups.taken[groups[i]]), groups[i] end
    end
    if #used > 0 then redis.call('ZADD', GROUPS.rates, unpack(used)) end
  end
  Groups.taken = {}
end

-- Lets groups take part again. `members` as in ASLEEP.
function Groups.awake (members)
  if #members == 0 then return end
  redis.call('ZREM', GROUPS.asleep, unpack(members))
  local groups = { h = {}, n = {}, l = {} }
  for _, member in ipairs(members) do table.insert(groups[string.sub(member, 1, 1)], string.sub(member, 2)) end
  for _, priority in ipairs(PRIORITIES) do Ring.come_back(priority, groups[priority]) end
end

-- Those whose time has come.
function Groups.awake_due ()
  if Groups.rates() then Groups.awake(redis.call('ZRANGEBYSCORE', GROUPS.asleep, '-inf', NOW, 'LIMIT', 0, MAX_ITEMS)) end
end

-- When the next may take part again, or nil.
function Groups.next_awake ()
  local time = tonumber(redis.call('ZRANGE', GROUPS.asleep, 0, 0, 'WITHSCORES')[2])
  return time and time < Groups.FAR and time or nil
end

-- So many jobs of these groups are no longer leased by a worker: `gone` by group.
function Groups.count_out (worker, groups, gone)
  if #groups == 0 then return end
  local left, ended, members = {}, {}, {}
  for i, running in ipairs(redis.call('HMGET', GROUPS.running, unpack(groups))) do
    local count = (running or 0) - gone[groups[i]]
    if count > 0 then left[#left + 1], left[#left + 2] = groups[i], count else ended[#ended + 1] = groups[i] end
    follow(worker, groups[i], -gone[groups[i]])
  end
  if #left > 0 then redis.call('HSET', GROUPS.running, unpack(left)) end
  if #ended > 0 then redis.call('HDEL', GROUPS.running, unpack(ended)) end
  if redis.call('EXISTS', GROUPS.asleep) == 0 then return end
  for _, group in ipairs(groups) do
    for _, priority in ipairs(PRIORITIES) do members[#members + 1] = priority .. group end
  end
  local sleepers = {}
  for from = 1, #members, MAX_ITEMS do
    local some = { unpack(members, from, math.min(#members, from + MAX_ITEMS - 1)) }
    for i, score in ipairs(redis.call('ZMSCORE', GROUPS.asleep, unpack(some))) do
      if tonumber(score or 0) == Groups.FAR then sleepers[#sleepers + 1] = some[i] end
    end
  end
  Groups.awake(sleepers)
end

-- What is used of rates that are no longer used is as none. Returns whether there is more of it.
function Groups.forget_rates ()
  local count = redis.call('ZCOUNT', GROUPS.rates, '-inf', NOW)
  if count > 0 then redis.call('ZREMRANGEBYRANK', GROUPS.rates, 0, math.min(count, MAX_ITEMS) - 1) end
  return count > MAX_ITEMS
end
