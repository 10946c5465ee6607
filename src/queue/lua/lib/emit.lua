-- include lib/keys
-- include lib/outbox
-- exports emit, tell
-- What happened to jobs, for those who follow: `emit` notes it, and `tell`, the last thing that a script does, adds all of it
-- as one entry to the stream EVENTS. The entry's fields are changes, in the order in which they happened, each with the ids of
-- its jobs, 22 characters each with nothing between them. A change is `<kind> <queue> <worker, or ->`, its kind one of those in
-- src/queue/event.ts, and for progress behind a further space the JSON that the worker sent. So the ids of many jobs become one
-- string, and are not copied again.
-- The stream is bounded by what its entries hold: about 10,000 small ones are kept, and of larger ones fewer, but never less
-- than 1,000. It costs one call a script call, whatever the number of jobs, and one more to see that there are no webhooks.
local KEPT_BYTES, MIN_KEPT, MAX_KEPT = 2500000, 1000, 10000
local told, told_bytes
at_start(function () told, told_bytes = {}, 0 end)

local function emit (kind, ids, worker, detail)
  if #ids == 0 then return end
  local change, jobs = kind .. ' ' .. QUEUE .. ' ' .. (worker or '-'), table.concat(ids)
  if detail then change = change .. ' ' .. detail end
  told[#told + 1], told[#told + 2] = change, jobs
  told_bytes = told_bytes + #change + #jobs
end

local function tell ()
  if #told == 0 then return end
  local keep = math.max(MIN_KEPT, math.min(MAX_KEPT, math.floor(KEPT_BYTES / told_bytes)))
  redis.call('XADD', EVENTS, 'MAXLEN', '~', keep, '*', unpack(told))
  offer(told)
end
