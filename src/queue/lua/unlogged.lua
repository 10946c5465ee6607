#!lua flags=allow-oom
-- Counts lines that handlers have logged and that could not be kept.
-- ARGV: queue, worker; for each job (at most MAX_ITEMS): id, token, how many lines.
-- Returns: which jobs' leases were stale, counted from 1: nothing changes for those. Runs when Redis is out of memory: it replaces at most
--   one small entry of a running job.
-- include lib/keys
-- include lib/logs
-- include lib/token
local HELD, stale = held_by(ARGV[2]), {}
for at = 3, #ARGV, 3 do
  local id = ARGV[at]
  if is_under(redis.call('HGET', HELD, id), ARGV[at + 1]) then
    local number, bytes = logged(id)
    note_logged(id, number + ARGV[at + 2], bytes)
  else
    stale[#stale + 1] = at / 3
  end
end
return stale
