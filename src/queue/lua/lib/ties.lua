-- exports ID_LENGTH, has_ties, has_no_ties, ties_of, suffix_of, ghosts_of, notes_of, tie, unique_of, parents_of, has_ghosts, set_notes, tie_new, entry_of, group_of, member_of, parse_member, leave_ghost, id_of, id_of_member, bust_ghost, untie
-- include lib/keys
-- TIES holds, only for jobs that have them, what is not in a record: `<suffix>|<ghosts>|<notes>`. Without any the hash is not
-- there, and a script asks for no more than that.
--
-- The suffix tells the entries of one job in the ready lists apart. A job that leaves its list by another way than through a
-- worker (cancelled, moved to another priority) leaves its entry there, as finding it would take too long in a list of a million:
-- its suffix becomes another, `~1`, `~2`, …, and an entry with an old one is a ghost, which is skipped when it comes to the head.
-- As long as there are ghosts of a job its ties stay, even when the job itself is forgotten. STATS counts the ghosts of each list.
--
-- The notes are what happens when the job starts or ends: `u<c|s><hash>;` frees a unique key (lib/unique), and behind it `p<ids>;` lets go
-- of its parents (lib/parents); `*;` notes its end for its callback (lib/outbox), and stays, as it may be run again.
local ID_LENGTH = 22

local any_ties -- by queue
at_start(function () any_ties = {} end)

local function has_ties ()
  if any_ties[QUEUE] == nil then any_ties[QUEUE] = redis.call('EXISTS', TIES) == 1 end
  return any_ties[QUEUE]
end

local function has_no_ties () any_ties[QUEUE] = false end

-- The ties of some jobs, in their order; false where there are none, and nil when the queue has none at all.
local function ties_of (ids)
  return has_ties() and redis.call('HMGET', TIES, unpack(ids)) or nil
end

local function suffix_of (tie) return tie and string.match(tie, '^[^|]*') or '' end
local function ghosts_of (tie) return tie and tonumber(string.match(tie, '|(%d+)|')) or 0 end
local function notes_of (tie) return tie and string.match(tie, '|%d+|(.*)$') or '' end

local function tie (id, suffix, ghosts, notes)
  any_ties[QUEUE] = true
  redis.call('HSET', TIES, id, suffix .. '|' .. ghosts .. '|' .. notes)
end

local function unique_of (notes) return string.match(notes, '^u(%a)([^;]+);') end
local function parents_of (notes) return string.match(notes, '^p([^;]+);') or string.match(notes, ';p([^;]+);') end

-- Whether it has left entries behind, or another entry than at first.
local function has_ghosts (old) return suffix_of(old) ~= '' or ghosts_of(old) > 0 end

-- These are the notes from now on.
local function set_notes (id, old, notes)
  if notes == '' and not has_ghosts(old) then redis.call('HDEL', TIES, id) else tie(id, suffix_of(old), ghosts_of(old), notes) end
end

-- Of new jobs: { id, ties, … }.
local function tie_new (ties)
  any_ties[QUEUE] = true
  redis.call('HSET', TIES, unpack(ties))
end

-- What stands for the job in its list.
local function entry_of (id, ties) return id .. suffix_of(ties) end

-- The group in a record that is kept (`<time><priority>:<queue><tab><group>\n…`), or nil.
local function group_of (record) return string.match(record, '^..............:[^\n\t]*\t([^\n]*)') end

-- What stands for the job in SCHEDULED and RETRYING: its priority's letter, its entry and, when it has a group, `@` and that.
local function member_of (priority, entry, group) return priority .. entry .. (group and '@' .. group or '') end

-- The priority, entry and group of such a member.
local function parse_member (member)
  local at = #member > 1 + ID_LENGTH and string.find(member, '@', 2 + ID_LENGTH, true)
  if not at then return string.sub(member, 1, 1), string.sub(member, 2) end
  return string.sub(member, 1, 1), string.sub(member, 2, at - 1), string.sub(member, at + 1)
end

-- The job leaves the entry that it has in the list of this priority behind.
local function leave_ghost (id, priority, old)
  local moves = tonumber(string.match(suffix_of(old), '%d+') or 0)
  tie(id, '~' .. (moves + 1), ghosts_of(old) + 1, notes_of(old))
  redis.call('HINCRBY', STATS, 'ghosts_' .. priority, 1)
end

-- The id that a list entry stands for: itself without its suffix.
local function id_of (entry)
  return #entry > ID_LENGTH and string.byte(entry, ID_LENGTH + 1) == 126 and string.sub(entry, 1, ID_LENGTH) or entry
end

local function id_of_member (member) return string.sub(member, 2, 1 + ID_LENGTH) end

-- A ghost of the job has come to the head of its list.
local function bust_ghost (id, old, priority, job_is_there)
  redis.call('HINCRBY', STATS, 'ghosts_' .. priority, -1)
  if ghosts_of(old) <= 1 and not job_is_there then redis.call('HDEL', TIES, id) else tie(id, suffix_of(old), ghosts_of(old) - 1, notes_of(old)) end
end

-- These jobs are forgotten.
local function untie (ids)
  if not has_ties() then return end
  local ties = redis.call('HMGET', TIES, unpack(ids))
  for i = 1, #ids do
    if ties[i] then
      if ghosts_of(ties[i]) == 0 then redis.call('HDEL', TIES, ids[i]) else tie(ids[i], suffix_of(ties[i]), ghosts_of(ties[i]), '') end
    end
  end
end
