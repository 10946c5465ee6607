#!lua
-- Changes a job that waits, if it is still as it was read: what it says of itself, its priority, and when it is due.
-- ARGV: queue, id, version (src/queue/read.ts) of what was read, the new record without its time, and when it is due (as
--   lib/due has it; what is not after now means at once); each '' for as before.
-- Returns: the row of lib/view as it then is, without the record, which can be large; 0 when the job is no longer as it was read, and
--   nothing has changed.
-- Promises: the caller has seen in what it read that the job waits, so no worker has it, and who is leased it gets the new record. A
--   queued job keeps its place in its list unless its priority changes or it is put off; else it goes to the tail. One that waits
--   for its next attempt, or for its parents, goes on doing that. Refused when Redis is out of memory.
-- include lib/keys
-- include lib/view
-- include lib/conclude
local id, version, record, when = ARGV[2], ARGV[3], ARGV[4], ARGV[5]

-- Of a record only its head and fields: they say how often it has been edited, and the input can have a megabyte.
local function version_of (row)
  local known = { string.match(row[1], '^..............:[^\n]*\n[^\n]*') or string.match(row[1], '^[^\n]*'), unpack(row, 2) }
  return redis.sha1hex(table.concat(known, '\0'))
end

local before = view(id)
if version_of(before) ~= version then return 0 end

local created, from = string.sub(before[1], 1, 13), string.sub(before[1], 14, 14) -- a time and, as `to`, a priority
local to = record == '' and from or string.sub(record, 1, 1)
local place, was_due = string.match(before[5], '^(%a)(%d*)')
was_due = tonumber(was_due) or 0 -- 0 is at once
local due = was_due
if when ~= '' then
  due = time_of(when)
  if due <= NOW then due = 0 end
end

-- It waits for its parents: what is noted of it says what becomes of it then.
local function move_blocked ()
  local parents, mark = string.match(redis.call('HGET', BLOCKED, id), '^(%d+ %a )%d+ %a(.*)$')
  redis.call('HSET', BLOCKED, id, parents .. string.format('%d', due) .. ' ' .. to .. mark)
end

local function move ()
  local waiting = place == 'r' and RETRYING or SCHEDULED
  local group = group_of(before[1])
  local old = has_ties() and redis.call('HGET', TIES, id)
  if place == 'q' then leave_ghost(id, from, old) else redis.call('ZREM', waiting, member_of(from, entry_of(id, old), group)) end
  local entry = entry_of(id, has_ties() and redis.call('HGET', TIES, id))
  if due > 0 then
    redis.call('ZADD', waiting, due, member_of(to, entry, group))
    sweep_at(due)
    hint_due(next_due())
    if place == 'q' then emit('scheduled', { id }) end
  else
    local ready = {}
    gather(ready, to, entry, group)
    put(ready)
    if place ~= 'q' then emit('queued', { id }) end
    wake()
  end
end

local is_moved = due ~= was_due or from ~= to
if record ~= '' then redis.call('HSET', JOBS, id, created .. record) end
if record ~= '' or is_moved then emit('edited', { id }) end
if is_moved and place == 'b' then move_blocked() elseif is_moved then move() end
conclude()
local after = view(id)
after[1] = ''
return after
