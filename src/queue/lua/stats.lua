#!lua flags=no-writes
-- The queue in numbers, at one moment.
-- ARGV: queue.
-- Returns: what lib/numbers has. Active counts the jobs of at most 1,000 workers.
-- include lib/numbers
local found = numbers(MAX_ITEMS, MAX_ITEMS)
return found
