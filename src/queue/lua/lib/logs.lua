-- exports log_of, logged, note_logged, forget_logs
-- include lib/keys
-- LOGS holds, only for jobs whose lines are kept, `<lines so far> <bytes kept>`, and LOGS:<id>, a list, those lines, oldest first:
-- `<number> <at, ms> <level> <attempt> <text>`. Each line that a job logs has the next number, those that are dropped as well, so that
-- numbers stay and where some are missing lines were dropped.
local function log_of (id) return LOGS .. ':' .. id end

local function logged (id)
  local count, bytes = string.match(redis.call('HGET', LOGS, id) or '0 0', '^(%d+) (%d+)')
  return tonumber(count), tonumber(bytes)
end

local function note_logged (id, count, bytes) redis.call('HSET', LOGS, id, count .. ' ' .. bytes) end

local any_logs
at_start(function () any_logs = nil end)

-- These jobs are forgotten. Where no lines are kept it costs one command a call.
local function forget_logs (ids)
  if any_logs == nil then any_logs = redis.call('EXISTS', LOGS) == 1 end
  if not any_logs then return end
  local found, lists, owners = redis.call('HMGET', LOGS, unpack(ids)), {}, {}
  for i = 1, #ids do
    if found[i] then lists[#lists + 1], owners[#owners + 1] = log_of(ids[i]), ids[i] end
  end
  if #owners == 0 then return end
  redis.call('UNLINK', unpack(lists))
  redis.call('HDEL', LOGS, unpack(owners))
end
