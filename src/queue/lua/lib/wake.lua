-- exports MAX_WAKES, NOTE_MS, leave_note, available, wake, hint_due
-- include lib/idle
-- include lib/take
-- A worker that found nothing left a note in IDLE (lib/idle). Whoever makes jobs
-- ready leases them to such workers in the same script and sends them along, so that an idle worker has its job in one hop.
-- A worker looks for itself every 2.5 s or a third of its lease, and then leaves a new note: one whose note has become old
-- hangs, one that no longer listens is gone, and neither is handed anything. When a message is lost all the same, the worker
-- finds the jobs at its next heartbeat (it holds them), or their lease ends. One call hands over at most MAX_ITEMS jobs, fewer when it has read much in vain;
-- the next turn or sweep goes on.
local MAX_WAKES = 100
local MAX_IN_VAIN = 1024 * 1024 -- bytes that are read besides what is handed over
local NOTE_MS = 6000

local function leave_note (worker, nonce, max, lease_ms)
  local note = table.concat({ worker, nonce, max, lease_ms, NOW + math.min(lease_ms, NOTE_MS) }, ' ')
  if redis.call('RPUSH', IDLE, note) == 1 then sweep_at(NOW + 1000) end
  return note
end

-- How many jobs can be leased now, at the most (ghosts count, too), and when more can be, where a rate says so.
local function available ()
  local known = read_settings()
  if known.is_paused then return 0 end
  local ready = count_ready()
  if ready == 0 or not (known.is_limited or known.grouped) then return ready end
  return Limits.available(ready)
end

-- Hands over what can be leased now. What a rate does not allow yet the worker is told of that has been idle longest, and no other: it
-- comes at that moment, and when it has gone the sweep hands the job over. Returns the time if that worker is the one that has left
-- `note`, which is not told then.
local function wake (note)
  local jobs, in_vain = 0, 0
  for _ = 1, MAX_WAKES do
    local idle = redis.call('LLEN', IDLE)
    if idle == 0 or jobs >= MAX_ITEMS or in_vain >= MAX_IN_VAIN then return end
    local ready = available()
    if ready == 0 then break end
    local worker, nonce, max, lease_ms = take_note()
    if worker and redis.call('PUBSUB', 'NUMSUB', held_by(worker))[2] > 0 then
      local share = math.min(max, math.ceil(ready / idle), MAX_ITEMS - jobs)
      local groups, count, _, besides = take(worker, nonce, share, lease_ms, MAX_MESSAGE, false)
      jobs, in_vain = jobs + count, in_vain + besides
      redis.call('PUBLISH', held_by(worker), count > 0 and cjson.encode({ groups = groups }) or '{"due_in":0}')
    end
  end
  if not read_settings().is_limited then return end
  local longest_idle, _, more_at = redis.call('LINDEX', IDLE, 0), available()
  if not longest_idle or not more_at then return end
  if longest_idle == note then return math.ceil(more_at) end
  redis.call('PUBLISH', held_by(string.match(longest_idle, '^%S+')), cjson.encode({ due_in = math.max(0, math.ceil(more_at) - NOW) }))
end

-- Tells the worker that has been idle longest when the next job is due, so that it looks at that moment; without it, or when it
-- has gone, the next look or sweep promotes the job.
local function hint_due (due)
  local longest_idle = redis.call('LINDEX', IDLE, 0)
  if longest_idle then redis.call('PUBLISH', held_by(string.match(longest_idle, '^%S+')), cjson.encode({ due_in = due - NOW })) end
end
