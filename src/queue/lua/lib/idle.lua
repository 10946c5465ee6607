-- exports MAX_MESSAGE, take_note, call_for, is_remote, until_of, lease
-- include lib/keys
-- The notes in IDLE: `<worker> <nonce> <max> <lease_ms> <valid to, ms>`, see lib/wake. With 0 for max it is that of a process in which
-- remote workers wait (park.lua): it is called, and comes for the jobs.
-- A message has no more bytes of records than this, of which cjson can make six times as many. For a larger job a worker
-- is only called: it comes for it with a turn.
local MAX_MESSAGE = 256 * 1024

-- Takes the note of the worker that has been idle longest. Returns the worker, the nonce, how many jobs at most and lease_ms; nothing
-- when that worker hangs, or there is none.
local function take_note ()
  local note = redis.call('LPOP', IDLE)
  if not note then return end
  local worker, nonce, max, lease_ms, valid_to = string.match(note, '^(%S+) (%S+) (%d+) (%d+) (%d+)$')
  if NOW <= tonumber(valid_to) then return worker, nonce, tonumber(max), tonumber(lease_ms) end
end

-- Returns 0 when it is gone.
local function call_for (worker) return redis.call('PUBLISH', held_by(worker), '{"due_in":0}') end

-- A remote worker (src/queue/remote.ts): its name begins with ~. An answer can get lost on its way to it, so that it does not know of a
-- job that it holds: its leases end each at a time of its own, which is in the sorted set ACTIVE:<worker>:until, and are renewed by name.
-- Its time in ACTIVE is not after the first of these.
local function is_remote (worker) return string.byte(worker) == 126 end
local function until_of (worker) return held_by(worker) .. ':until' end

-- The worker holds these jobs from now on: { id, token, … }.
local function lease (worker, leased, lease_ms)
  redis.call('HSET', held_by(worker), unpack(leased))
  if is_remote(worker) then
    local ends = {}
    for i = 1, #leased, 2 do ends[i], ends[i + 1] = NOW + lease_ms, leased[i] end
    redis.call('ZADD', until_of(worker), unpack(ends))
    if redis.call('ZADD', ACTIVE, 'LT', 'CH', NOW + lease_ms, worker) == 1 then sweep_at(NOW + lease_ms) end
    return
  end
  if redis.call('ZADD', ACTIVE, NOW + lease_ms, worker) == 1 then sweep_at(NOW + lease_ms) end
end
