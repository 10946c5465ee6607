#!lua flags=no-writes
-- What is known of one job, at one moment. When the job belongs to another queue (its record says which), its place is
-- not to be believed: ask again with that queue's keys.
-- ARGV: queue, id.
-- Returns: a row of lib/view; its record is '' when the job is unknown or forgotten.
-- include lib/keys
-- include lib/view
return view(ARGV[2])
