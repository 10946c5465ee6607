-- exports free_key, free_at_start
-- include lib/ties
-- A unique key of the queue belongs to the job that UNIQUE<its hash> names: a string, which expires by itself when the key is held for a
-- time, and otherwise is deleted when the job starts (note `us`) or ends (`uc`), unless another job has taken it over.
local function free_key (id, hash)
  if redis.call('GET', UNIQUE .. hash) == id then redis.call('DEL', UNIQUE .. hash) end
end

-- The job starts.
local function free_at_start (id, old)
  local notes = notes_of(old)
  local held, hash = unique_of(notes)
  if held ~= 's' then return end
  free_key(id, hash)
  set_notes(id, old, string.match(notes, ';(.*)$'))
end
