-- include lib/take
-- A worker that found nothing left an entry in IDLE: `<worker> <nonce> <max> <lease_ms>`. Whoever makes jobs ready
-- leases them to such workers in the same script and sends them along, so that an idle worker has its job in one hop.
-- A worker that no longer listens is dropped; when its message is lost all the same, it finds the jobs at its next
-- heartbeat (it holds them), or their lease ends. One call hands over MAX_ITEMS jobs or BYTES, whichever comes first; the
-- next turn or sweep goes on.
local MAX_WAKES = 100

local function wake ()
  local jobs, bytes = 0, 0
  for _ = 1, MAX_WAKES do
    local idle = redis.call('LLEN', IDLE)
    if idle == 0 or jobs >= MAX_ITEMS or bytes >= BYTES then return end
    local ready = redis.call('LLEN', LISTS.h) + redis.call('LLEN', LISTS.n) + redis.call('LLEN', LISTS.l)
    if ready == 0 then return end
    local worker, nonce, max, lease_ms = string.match(redis.call('LPOP', IDLE), '^(%S+) (%S+) (%d+) (%d+)$')
    local channel = held_by(worker)
    if redis.call('PUBSUB', 'NUMSUB', channel)[2] > 0 then
      local share = math.min(tonumber(max), math.ceil(ready / idle), MAX_ITEMS - jobs)
      local groups, count, size = take(worker, nonce, share, tonumber(lease_ms))
      jobs, bytes = jobs + count, bytes + size
      redis.call('PUBLISH', channel, cjson.encode({ groups = groups }))
    end
  end
end
