#!lua
-- Keeps lines that the handlers of a worker have logged.
-- ARGV: queue, worker; for each job: id, token, how many lines were dropped before these, how many there are, and for each of them: how
--   many ms ago it was logged, its level (a number), its text (JSON).
-- Returns: which jobs' leases were stale, counted from 1 in the order of ARGV: nothing of theirs is kept.
-- Promises: of each job at most MAX_LINES and MAX_BYTES are kept, the newest. Who calls gives at most MAX_ITEMS lines (workers: 250), and so
--   many go at most, or those of one job. Refused as a whole when Redis is out of memory.
-- include lib/keys
-- include lib/logs
-- include lib/token
local HELD, at, nth, stale = held_by(ARGV[2]), 3, 0, {}
local MAX_LINES, MAX_BYTES = 1000, 1024 * 1024

local function keep (id, attempt, dropped, from, count)
  local number, bytes = logged(id)
  number = number + dropped
  if count > 0 then
    local lines = {}
    for i = 1, count do
      local age, level, text = ARGV[from], ARGV[from + 1], ARGV[from + 2]
      lines[i] = (number + i) .. ' ' .. (NOW - age) .. ' ' .. level .. ' ' .. attempt .. ' ' .. text
      bytes, from = bytes + #lines[i], from + 3
    end
    local list = log_of(id)
    local over = redis.call('RPUSH', list, unpack(lines)) - MAX_LINES
    if over > 0 then
      for _, line in ipairs(redis.call('LPOP', list, over)) do bytes = bytes - #line end
    end
    while bytes > MAX_BYTES do bytes = bytes - #redis.call('LPOP', list) end
  end
  note_logged(id, number + count, bytes)
end

while ARGV[at] do
  local id, token, dropped, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  at, nth = at + 4, nth + 1
  if is_under(redis.call('HGET', HELD, id), token) then
    keep(id, parse_token(token).attempt, dropped, at, count)
  else
    stale[#stale + 1] = nth
  end
  at = at + 3 * count
end
return stale
