#!lua flags=allow-oom
-- The queue in numbers, and how much has come and gone lately: what a scaler asks.
-- ARGV: queue.
-- Returns: { what lib/numbers has, over how many ms it is known what came and went or 0, jobs that were submitted in that time, attempts that
--   ended in that time }.
-- Promises: who asks leaves the totals behind for who asks next, in one small hash that expires: of a moment at most SPAN_MS ago, and of the
--   one before. Nothing is left of a queue that has never had a job. Runs when Redis is out of memory.
-- include lib/numbers
local SPAN_MS, KEPT_MS = 30000, 300000
local PACE = LISTS.n .. ':pace' -- nobody else uses it
local found = numbers(MAX_ITEMS, MAX_ITEMS)

local totals = redis.call('HMGET', STATS, 'submitted', 'completed', 'failed', 'retried')
for i = 1, 4 do totals[i] = tonumber(totals[i] or 0) end
local submitted, ended = totals[1], totals[2] + totals[3] + totals[4]
if submitted == 0 then return { found, 0, 0, 0 } end

-- A sample is no good when the clock was set back, or the queue has been forgotten meanwhile and has begun anew.
local function read (text)
  local at, came, went = string.match(text or '', '^(%d+) (%d+) (%d+)$')
  at, came, went = tonumber(at), tonumber(came), tonumber(went)
  return at and at <= NOW and came <= submitted and went <= ended and { at = at, came = came, went = went } or nil
end

local texts = redis.call('HMGET', PACE, 'new', 'old')
local new, old = read(texts[1]), read(texts[2])
local past = new and (old or new)
if not new or NOW - new.at >= SPAN_MS then
  local text = string.format('%d %d %d', NOW, submitted, ended)
  redis.call('DEL', PACE)
  if new then redis.call('HSET', PACE, 'new', text, 'old', texts[1]) else redis.call('HSET', PACE, 'new', text) end
  redis.call('PEXPIRE', PACE, KEPT_MS)
  past = new
end
if not past or past.at == NOW then return { found, 0, 0, 0 } end
return { found, NOW - past.at, submitted - past.came, ended - past.went }
