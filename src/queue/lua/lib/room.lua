-- include lib/settings
-- Whether so many more jobs may wait in a queue: those that are queued, scheduled or retrying are at most its max_length, if it has
-- one. Returns false, or what refuses them: { 'full', max_length, how many wait, which queue }.
local ROOM_KEYS = 7 -- SETTINGS, STATS, three lists, two sorted sets

local function refusal (which, keys, max_length, count)
  if not max_length then return false end
  local waiting = 0
  for i = 3, 5 do waiting = waiting + redis.call('LLEN', keys[i]) end
  for i = 6, 7 do waiting = waiting + redis.call('ZCARD', keys[i]) end
  -- Entries that jobs have left behind (lib/ties) are none that wait.
  for _, ghosts in ipairs(redis.call('HMGET', keys[2], 'ghosts_h', 'ghosts_n', 'ghosts_l')) do waiting = waiting - (tonumber(ghosts) or 0) end
  return waiting + count > tonumber(max_length) and { 'full', tonumber(max_length), waiting, which }
end

local function own_refusal (count)
  return refusal(0, { SETTINGS, STATS, LISTS.h, LISTS.n, LISTS.l, SCHEDULED, RETRYING }, read_settings()[2], count)
end

-- Of another queue, whose keys come after KEYS[before].
local function other_refusal (which, before, count)
  local keys = { unpack(KEYS, before + 1, before + ROOM_KEYS) }
  return refusal(which, keys, redis.call('HGET', keys[1], 'max_length'), count)
end
