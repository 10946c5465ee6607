#!lua flags=no-writes
-- The lines that are kept of one job, of any queue, that fit.
-- ARGV: queue, id, order (oldest or newest first), how many at most, the number of the line to go on behind or '', the least level, the attempt
--   or ''.
-- Returns: { 1 when there is such a job or 0, how many of its lines were dropped, 1 when more fit or 0, the lines as lib/logs has them }.
-- include lib/keys
-- include lib/logs
local id, is_newest, limit, behind = ARGV[2], ARGV[3] == 'newest', tonumber(ARGV[4]), tonumber(ARGV[5])
local least, attempt = tonumber(ARGV[6]), ARGV[7]
local lines, found, more = redis.call('LRANGE', log_of(id), 0, -1), {}, 0

local function fits (line)
  local number, level, of = string.match(line, '^(%d+) %d+ (%d+) (%d+) ')
  if tonumber(level) < least or (attempt ~= '' and of ~= attempt) then return false end
  return not behind or (is_newest and tonumber(number) < behind) or (not is_newest and tonumber(number) > behind)
end

for i = is_newest and #lines or 1, is_newest and 1 or #lines, is_newest and -1 or 1 do
  if fits(lines[i]) then
    if #found == limit then
      more = 1
      break
    end
    found[#found + 1] = lines[i]
  end
end
return { redis.call('HEXISTS', JOBS, id), logged(id) - #lines, more, found }
