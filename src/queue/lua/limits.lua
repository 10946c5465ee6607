#!lua flags=no-writes
-- Which limits keep a job of a queue from starting now.
-- ARGV: queue, the job's group or ''.
-- Returns: { 1 when as many jobs of the queue run as may or 0, when the next may start by its rate in ms or 0, the same two of the group }.
-- include lib/keys
local function reached (slots, permits, next_at)
  return slots == 0 and 1 or 0, permits == 0 and math.ceil(next_at) or 0
end

local full, next_at = reached(Limits.free_slots(), Limits.permits())
if ARGV[2] == '' then return { full, next_at, 0, 0 } end
return { full, next_at, reached(Groups.free_slots(ARGV[2]), Groups.permits(ARGV[2])) }
