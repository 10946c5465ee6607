#!lua flags=allow-oom
-- Leaves the note of a process in which remote workers wait for jobs of a queue (lib/wake), unless there are any now.
-- ARGV: queue, the process's name, nonce, the note to withdraw ('' when none), whether to leave one (1 or 0).
-- Returns: { now, whether it was left (1 or 0), when the next jobs are due or allowed, ms, or 0, the note or '' }.
-- Promise: who makes jobs ready after a note was left calls the process on its channel, once; and it leases none by itself.
--   Runs when Redis is out of memory.
-- include lib/keys
-- include lib/conclude
if ARGV[4] ~= '' then redis.call('LREM', IDLE, 1, ARGV[4]) end
if ARGV[5] == '0' then return { NOW, 0, 0, '' } end
local _, next_due = promote()
local note = available() == 0 and leave_note(ARGV[2], ARGV[3], 0, NOTE_MS) or ''
local next_permit = wake(note)
if next_permit then next_due = math.min(next_due or math.huge, next_permit) end
conclude()
return { NOW, note == '' and 0 or 1, next_due or 0, note }
