-- include lib/take
-- A worker that found nothing left a note in IDLE: `<worker> <nonce> <max> <lease_ms> <valid to, ms>`. Whoever makes jobs
-- ready leases them to such workers in the same script and sends them along, so that an idle worker has its job in one hop.
-- A worker looks for itself every 2.5 s or a third of its lease, and then leaves a new note: one whose note has become old
-- hangs, one that no longer listens is gone, and neither is handed anything. When a message is lost all the same, the worker
-- finds the jobs at its next heartbeat (it holds them), or their lease ends. One call hands over at most MAX_ITEMS jobs;
-- the next turn or sweep goes on.
local MAX_WAKES = 100
local NOTE_MS = 6000
-- A message has no more bytes of records than this, of which cjson can make six times as many. For a larger job a worker
-- is only called: it comes for it with a turn.
local MAX_MESSAGE = 256 * 1024

local function leave_note (worker, nonce, max, lease_ms)
  local note = table.concat({ worker, nonce, max, lease_ms, NOW + math.min(lease_ms, NOTE_MS) }, ' ')
  if redis.call('RPUSH', IDLE, note) == 1 then sweep_at(NOW + 1000) end
  return note
end

-- How many jobs can be leased now, at the most (ghosts count, too), and when more can be, where a rate says so.
local function available ()
  if is_paused() then return 0 end
  local ready = Ready.count_all()
  if ready == 0 then return 0 end
  Groups.awake_due()
  local allowed, more_at = Limits.allowance()
  if allowed > 0 and not Ready.is_any_awake() then return 0, Groups.next_awake() end
  return math.min(ready, allowed), more_at
end

-- Tells when the next job may start where a rate does not allow it now, so that a worker comes for it at that moment: the one
-- that has been idle longest, and no other. When that one has gone, the sweep hands the job over. Returns the time if it is this one that
-- has left `note`, which then is not told.
local function hint_permit (note)
  if not read_settings().rate_limit and not Groups.rates() then return end
  local longest_idle, _, more_at = redis.call('LINDEX', IDLE, 0), available()
  if not longest_idle or not more_at then return end
  more_at = math.ceil(more_at)
  if longest_idle == note then return more_at end
  redis.call('PUBLISH', held_by(string.match(longest_idle, '^%S+')), cjson.encode({ due_in = more_at - NOW }))
end

-- Hands over what can be; then as `hint_permit`.
local function wake (note)
  local jobs = 0
  for _ = 1, MAX_WAKES do
    local idle = redis.call('LLEN', IDLE)
    if idle == 0 or jobs >= MAX_ITEMS then return end
    local ready = available()
    if ready == 0 then break end
    local worker, nonce, max, lease_ms, valid_to = string.match(redis.call('LPOP', IDLE), '^(%S+) (%S+) (%d+) (%d+) (%d+)$')
    local channel = held_by(worker)
    if NOW <= tonumber(valid_to) and redis.call('PUBSUB', 'NUMSUB', channel)[2] > 0 then
      local share = math.min(tonumber(max), math.ceil(ready / idle), MAX_ITEMS - jobs)
      local groups, count = take(worker, nonce, share, tonumber(lease_ms), MAX_MESSAGE, false)
      jobs = jobs + count
      redis.call('PUBLISH', channel, count > 0 and cjson.encode({ groups = groups }) or '{"due_in":0}')
    end
  end
  return hint_permit(note)
end

-- Tells the worker that has been idle longest when the next job is due, so that it looks at that moment; without it, or when it
-- has gone, the next look or sweep promotes the job.
local function hint_due (due)
  local longest_idle = redis.call('LINDEX', IDLE, 0)
  if longest_idle then redis.call('PUBLISH', held_by(string.match(longest_idle, '^%S+')), cjson.encode({ due_in = due - NOW })) end
end
