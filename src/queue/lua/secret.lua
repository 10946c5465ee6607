#!lua flags=allow-oom
-- Makes a secret that all processes share, unless there is one.
-- KEYS: where it is.
-- ARGV: the new one.
-- Returns: the one that there is.
-- Runs when Redis is out of memory: the API starts then, too.
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
