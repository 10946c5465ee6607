-- exports tidy_journal
-- include lib/journal
-- include lib/ready
-- A step of the pass through JOURNAL (lib/journal).

-- Moves an entry to SWEPT. Returns how many ids it had, and how many are still noted: what has few gaps is moved as it is.
local function move_entry (entry)
  local ids, indexes, count = noted(entry, 1, MAX_ITEMS)
  local alive = {}
  for i = 1, count do
    if redis.call('HEXISTS', JOBS, ids[i]) == 1 then alive[#alive + 1] = string.format('%03d', indexes[i]) .. ids[i] end
  end
  if #alive == 0 then return count, 0 end
  local kept = table.concat(alive)
  if #kept < #entry[2][2] then
    redis.call('XADD', SWEPT, entry[1], 'k', kept)
    return count, #alive
  end
  redis.call('XADD', SWEPT, entry[1], unpack(entry[2]))
  return count, count
end

local function count_jobs ()
  local count = redis.call('LLEN', COMPLETED) + redis.call('HLEN', BLOCKED) + count_ready()
  for _, set in ipairs({ SCHEDULED, RETRYING, DLQ, CANCELLED }) do count = count + redis.call('ZCARD', set) end
  return count
end

local function count_held ()
  local count = 0
  for _, worker in ipairs(redis.call('ZRANGE', ACTIVE, 0, MAX_ITEMS - 1)) do count = count + redis.call('HLEN', held_by(worker)) end
  return count
end

-- The pass is over: SWEPT is JOURNAL, with so many ids. Those that `count_jobs` did not find (only their children keep them, or they have
-- too many workers) are not looked for again in vain.
local function end_pass (submitted, kept)
  if redis.call('EXISTS', SWEPT) == 1 then redis.call('RENAME', SWEPT, JOURNAL) else redis.call('DEL', JOURNAL) end
  redis.call('HSET', STATS, 'journal_gone', submitted - kept, 'journal_uncounted', math.max(0, kept - count_jobs() - count_held()))
  redis.call('HDEL', STATS, 'journal_kept')
end

-- Moves up to MAX_ITEMS ids, when there is a pass or it is time for one. Returns whether to go on.
local function tidy_journal ()
  local stats = redis.call('HMGET', STATS, 'submitted', 'journal_gone', 'journal_kept', 'journal_uncounted')
  local submitted, kept = tonumber(stats[1] or 0), tonumber(stats[3] or 0)
  if not stats[3] then
    local noted_ids = submitted - (stats[2] or 0) - SLACK - 3 * (stats[4] or 0)
    if noted_ids <= 0 or noted_ids <= 3 * count_jobs() or noted_ids <= 3 * (count_jobs() + count_held()) then return false end
  end
  local looked, chunk, full = 0, 1, false
  while not full do
    local entries, moved = redis.call('XRANGE', JOURNAL, '-', '+', 'COUNT', chunk), {}
    if #entries == 0 then
      end_pass(submitted, kept)
      return false
    end
    for _, entry in ipairs(entries) do
      local _, _, size = noted(entry, 1, 0)
      full = looked + size > MAX_ITEMS
      if full then break end
      local count, still = move_entry(entry)
      looked, kept = looked + count, kept + still
      moved[#moved + 1] = entry[1]
    end
    if #moved > 0 then redis.call('XDEL', JOURNAL, unpack(moved)) end
    -- An entry may have one id, or a thousand.
    chunk = math.min(2 * chunk, 64)
  end
  redis.call('HSET', STATS, 'journal_kept', kept)
  return true
end
