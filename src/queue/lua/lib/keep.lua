-- exports STAMP, times_of, expire_later, keep_timed, announce_due
-- include lib/room
-- include lib/conclude
-- What submits have in common: putting new jobs where they belong.
local STAMP -- the time, made once: `..` takes long to write a number
at_start(function () STAMP = string.format('%d', NOW) end)

-- The times of a job as it was sent, `<due>` or `<due>!<expires>`, each as lib/due has it or '': when it is due (not after now
-- means at once) and when it expires, or nil.
local function times_of (text)
  if text == '' then return 0 end
  local due, expires = string.match(text, '^([^!]*)!?(.*)$')
  return time_of(due) or 0, time_of(expires)
end

-- Jobs that are cancelled if they have not started by a time: { time, id, … }.
local function expire_later (expiring)
  if #expiring == 0 then return end
  redis.call('ZADD', EXPIRING, unpack(expiring))
  for i = 1, #expiring, 2 do sweep_at(expiring[i]) end
end

-- Keeps jobs that may have times: { id, record without the time, due, expires or nil } each. They come behind those that have none.
-- Returns whether any is put off (announce_due).
local function keep_timed (jobs)
  local records, later, delayed, expiring, past, ready = {}, {}, {}, {}, {}, {}
  for _, job in ipairs(jobs) do
    local id, record, due, expires = job[1], job[2], job[3], job[4]
    local priority, group = string.match(record, '^(.):[^\n\t]*\t?([^\n]*)')
    if group == '' then group = nil end
    records[#records + 1], records[#records + 2] = id, STAMP .. record
    if expires then expiring[#expiring + 1], expiring[#expiring + 2] = expires, id end
    if due > NOW then
      later[#later + 1], later[#later + 2] = due, member_of(priority, id, group)
      delayed[#delayed + 1] = id
    else
      gather(ready, priority, id, group)
      past[#past + 1] = id
    end
  end
  if #records > 0 then redis.call('HSET', JOBS, unpack(records)) end
  put(ready)
  emit('submitted', past)
  if #later > 0 then redis.call('ZADD', SCHEDULED, unpack(later)) end
  expire_later(expiring)
  emit('scheduled', delayed)
  return #later > 0
end

-- Sees to it that what was put off is looked at in time; once the jobs that are ready have been handed over.
local function announce_due ()
  local due = next_due()
  sweep_at(due)
  hint_due(due)
end
