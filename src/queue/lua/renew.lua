#!lua flags=allow-oom
-- Renews leases of a remote worker, each of those that are named, and notes how far their jobs are.
-- ARGV: queue, worker; for each lease (up to MAX_ITEMS, each job once): id, token, lease_ms, progress (JSON text) or ''.
-- Returns: { now, for each: 1 (held), 0 (lost) or -1 (the job was cancelled) }.
-- Promises: renews leases that have not been taken back, never gives one back; of others nothing is noted. Runs when Redis is out of
--   memory: it replaces small entries of running jobs.
-- include lib/keys
-- include lib/idle
-- include lib/emit
-- include lib/token
local worker, ids, states, ends, progress, lost = ARGV[2], {}, {}, {}, {}, {}
for at = 3, #ARGV, 4 do ids[#ids + 1] = ARGV[at] end
for i, held in ipairs(redis.call('HMGET', held_by(worker), unpack(ids))) do
  local at = 4 * i - 1
  if is_under(held, ARGV[at + 1]) then
    states[i] = 1
    ends[#ends + 1], ends[#ends + 2] = NOW + ARGV[at + 2], ids[i]
    if ARGV[at + 3] ~= '' then
      progress[#progress + 1], progress[#progress + 2] = ids[i], NOW .. ARGV[at + 3]
      emit('progress', { ids[i] }, worker, ARGV[at + 3])
    end
  else
    states[i] = 0
    lost[#lost + 1] = i
  end
end
if #ends > 0 then redis.call('ZADD', until_of(worker), 'XX', unpack(ends)) end
if #progress > 0 then redis.call('HSET', PROGRESS, unpack(progress)) end
if #lost > 0 then
  local sought = {}
  for nth, i in ipairs(lost) do sought[nth] = ids[i] end
  for nth, time in ipairs(redis.call('ZMSCORE', CANCELLED, unpack(sought))) do if time then states[lost[nth]] = -1 end end
end
tell()
return { NOW, states }
