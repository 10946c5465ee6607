#!lua flags=no-writes
-- Which limits keep the jobs of a queue from starting now.
-- ARGV: queue.
-- Returns: { 1 when as many run as may or 0, when the next may start by the queue's rate in ms or 0 }.
-- include lib/keys
-- include lib/special
local Limits = special().limits
local permits_now, next_at = Limits.permits()
return { Limits.free_slots() == 0 and 1 or 0, permits_now == 0 and math.ceil(next_at) or 0 }
