#!lua flags=allow-oom
-- Notes how far a running job is.
-- ARGV: queue, worker, id, token, progress (JSON text).
-- Returns: 1, or 0 when the lease is stale: then nothing changes. Runs when Redis is out of memory: it replaces
--   at most one small entry of a running job.
-- include lib/keys
-- include lib/emit
-- include lib/token
if not is_under(redis.call('HGET', held_by(ARGV[2]), ARGV[3]), ARGV[4]) then return 0 end
redis.call('HSET', PROGRESS, ARGV[3], NOW .. ARGV[5])
emit('progress', { ARGV[3] }, ARGV[2], ARGV[5])
tell()
return 1
