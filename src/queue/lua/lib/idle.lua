-- exports MAX_MESSAGE, take_note, lease
-- include lib/keys
-- The notes in IDLE: `<worker> <nonce> <max> <lease_ms> <valid to, ms>`, see lib/wake.
-- A message has no more bytes of records than this, of which cjson can make six times as many. For a larger job a worker
-- is only called: it comes for it with a turn.
local MAX_MESSAGE = 256 * 1024

-- Takes the note of the worker that has been idle longest. Returns the worker, the nonce, how many jobs at most and lease_ms; nothing
-- when that worker hangs.
local function take_note ()
  local worker, nonce, max, lease_ms, valid_to = string.match(redis.call('LPOP', IDLE), '^(%S+) (%S+) (%d+) (%d+) (%d+)$')
  if NOW <= tonumber(valid_to) then return worker, nonce, tonumber(max), tonumber(lease_ms) end
end

-- The worker holds these jobs from now on: { id, token, … }.
local function lease (worker, leased, lease_ms)
  redis.call('HSET', held_by(worker), unpack(leased))
  if redis.call('ZADD', ACTIVE, NOW + lease_ms, worker) == 1 then sweep_at(NOW + lease_ms) end
end
