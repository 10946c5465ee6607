-- include lib/idle
-- include lib/take
-- A worker that found nothing left a note in IDLE (lib/idle). Whoever makes jobs
-- ready leases them to such workers in the same script and sends them along, so that an idle worker has its job in one hop.
-- A worker looks for itself every 2.5 s or a third of its lease, and then leaves a new note: one whose note has become old
-- hangs, one that no longer listens is gone, and neither is handed anything. When a message is lost all the same, the worker
-- finds the jobs at its next heartbeat (it holds them), or their lease ends. One call hands over at most MAX_ITEMS jobs;
-- the next turn or sweep goes on.
local MAX_WAKES = 100
local NOTE_MS = 6000

local function leave_note (worker, nonce, max, lease_ms)
  local note = table.concat({ worker, nonce, max, lease_ms, NOW + math.min(lease_ms, NOTE_MS) }, ' ')
  if redis.call('RPUSH', IDLE, note) == 1 then sweep_at(NOW + 1000) end
  return note
end

local function wake ()
  local jobs = 0
  for _ = 1, MAX_WAKES do
    local idle = redis.call('LLEN', IDLE)
    if idle == 0 or jobs >= MAX_ITEMS then return end
    local ready = redis.call('LLEN', LISTS.h) + redis.call('LLEN', LISTS.n) + redis.call('LLEN', LISTS.l)
    if ready == 0 or is_paused() then return end
    local worker, nonce, max, lease_ms = take_note()
    if worker then
      local share = math.min(max, math.ceil(ready / idle), MAX_ITEMS - jobs)
      local groups, count = take(worker, nonce, share, lease_ms, MAX_MESSAGE, false)
      jobs = jobs + count
      redis.call('PUBLISH', held_by(worker), count > 0 and cjson.encode({ groups = groups }) or '{"due_in":0}')
    end
  end
end

-- Tells the worker that has been idle longest when the next job is due, so that it looks at that moment; without it, or when it
-- has gone, the next look or sweep promotes the job.
local function hint_due (due)
  local longest_idle = redis.call('LINDEX', IDLE, 0)
  if longest_idle then redis.call('PUBLISH', held_by(string.match(longest_idle, '^%S+')), cjson.encode({ due_in = due - NOW })) end
end
