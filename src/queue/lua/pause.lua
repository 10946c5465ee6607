#!lua flags=allow-oom
-- Pauses a queue, or lets it go on.
-- ARGV: queue, 1 to pause or 0 to go on.
-- Returns: 1 when that changed it, else 0.
-- Promises: of a paused queue no script leases a job, from this moment on; what runs goes on. When it goes on, jobs are handed to
--   parked workers in the same step, at most MAX_ITEMS; their next turns take the rest. Runs when Redis is out of memory.
-- include lib/keys
-- include lib/conclude
local changed
if ARGV[2] == '1' then
  changed = redis.call('HSETNX', SETTINGS, 'paused', '1')
  -- Known from now on, although it may never have had a job.
  redis.call('SADD', QUEUES, QUEUE)
else
  changed = redis.call('HDEL', SETTINGS, 'paused')
  wake()
end
conclude()
if changed == 1 then sweep_at(NOW) end
return changed
