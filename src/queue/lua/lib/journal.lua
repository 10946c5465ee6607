-- exports SLACK, note_ids, text_of, noted
-- include lib/keys
-- JOURNAL tells in which order the queue's jobs came into being, whatever became of them since: a stream with an entry for each call that
-- brought jobs. A job's place in that order is its entry's id and its index in the entry, and never changes. An entry is `i <ids>`, as
-- they were submitted: groups with a `.` between them, each the first 8 characters, which its ids share, and the other 14 of each;
-- or `k <ids>`, those that were kept of such an entry, each the 3 digits of its index and its 22 characters.
--
-- What is forgotten leaves a gap, and a stream cannot close it. So when three times as many ids are noted as there are jobs, a pass
-- goes through JOURNAL from its head and moves each entry, without the ids of jobs that are gone and under the same id, to the tail of
-- SWEPT, until nothing is left to move; SWEPT then becomes JOURNAL. At any time the order is that of SWEPT and behind it JOURNAL.
-- No more than about 4 ids are noted a job, and 1,000 a queue; a pass frees more than it moves. STATS has `journal_gone`, how many
-- of all `submitted` are no longer noted, during a pass `journal_kept`, how many have been moved, and since the last one `journal_uncounted`,
-- how many of those that it kept are jobs that stand in none of the queue's places: parents that only their children keep.
local PREFIX, REST, ID = 8, 14, 22
local SLACK = 1000

-- The entry has the time of its jobs, unless the clock has been set back.
local function note_ids (text)
  local id = redis.pcall('XADD', JOURNAL, STAMP .. '-*', 'i', text)
  if type(id) == 'table' and id.err then redis.call('XADD', JOURNAL, '*', 'i', text) end
end

-- The ids as an entry has them.
local function text_of (ids)
  local groups, rest = {}, {}
  for i, id in ipairs(ids) do
    rest[#rest + 1] = string.sub(id, PREFIX + 1)
    local prefix = string.sub(id, 1, PREFIX)
    if not ids[i + 1] or string.sub(ids[i + 1], 1, PREFIX) ~= prefix then
      groups[#groups + 1] = prefix .. table.concat(rest)
      rest = {}
    end
  end
  return table.concat(groups, '.')
end

-- The ids of an entry { id, { kind, text } } from the `from`th to the `to`th as they stand there, counted from 1, and the index of each.
-- Returns also how many the entry has.
local function noted (entry, from, to)
  local kind, text, ids, indexes = entry[2][1], entry[2][2], {}, {}
  if kind == 'k' then
    local count = #text / (3 + ID)
    for i = math.max(1, from), math.min(to, count) do
      local at = (i - 1) * (3 + ID)
      indexes[#indexes + 1] = tonumber(string.sub(text, at + 1, at + 3))
      ids[#ids + 1] = string.sub(text, at + 4, at + 3 + ID)
    end
    return ids, indexes, count
  end
  local before, start = 0, 1
  while start <= #text do
    local ends = (string.find(text, '.', start, true) or #text + 1) - 1
    local prefix, count = string.sub(text, start, start + PREFIX - 1), (ends - start + 1 - PREFIX) / REST
    for i = math.max(1, from - before), math.min(to - before, count) do
      local at = start + PREFIX + (i - 1) * REST
      indexes[#indexes + 1] = before + i - 1
      ids[#ids + 1] = prefix .. string.sub(text, at, at + REST - 1)
    end
    before, start = before + count, ends + 2
  end
  return ids, indexes, before
end
