-- exports DELIVERIES, call_relay, has_callback, note_end, offer, has_no_webhooks
-- include lib/keys
-- What is to be told to somebody outside: the relay (relay.lua) makes deliveries, jobs of the queue DELIVERIES, of it. An entry of the
-- stream OUTBOX is
--   `callback <c|f|x>`, id, `record`, its head and fields, `outcome`, `left_out`   a job with a callback (note `*;` in its ties) has ended. The
--                                                         outcome is without a result that is too large, whose size is `left_out`, else 0;
--   or as in EVENTS (lib/emit), those changes of a call whose kind some webhook wants: WANTED is the set of these, and is not there
--                                                         when there are no webhooks.
-- It is written in the step in which the thing happened, so nothing that happened is missing. It is as long as nobody relays it: callbacks
-- are always noted, and of changes no more when there are MAX_OUTBOX entries. LOST_EVENTS counts the calls whose changes were not noted.
-- What happens to deliveries themselves is told to nobody.
local DELIVERIES = 'bellhop.webhooks'
local MAX_OUTBOX = 50000
local MAX_TOLD_RESULT = 256 * 1024

local relay_called, none_wanted
at_start(function () relay_called, none_wanted = false, false end)

-- The relay comes with the next sweep of DELIVERIES.
local function call_relay ()
  if not relay_called then redis.call('ZADD', SWEEPS, 'LT', NOW, DELIVERIES) end
  relay_called = true
end

local function has_callback (notes) return string.find(notes, '*;', 1, true) ~= nil end

-- A job with a callback has ended. One that was purged while it waited has not.
local function note_end (id, letter)
  local record, outcome = redis.call('HGET', JOBS, id), redis.call('HGET', OUTCOMES, id)
  if not record or not outcome then return end
  local result_at, left_out = string.find(outcome, '\n\n', 1, true) + 2, 0
  if #outcome + 1 - result_at > MAX_TOLD_RESULT then
    left_out = #outcome + 1 - result_at
    outcome = string.sub(outcome, 1, result_at - 1)
  end
  redis.call('XADD', OUTBOX, '*', 'callback ' .. letter, id, 'record', string.match(record, '^[^\n]*\n[^\n]*'), 'outcome', outcome, 'left_out', left_out)
  call_relay()
end

-- Whoever has seen that WANTED is not there says so, which saves a call.
local function has_no_webhooks () none_wanted = true end

-- Changes as in EVENTS: { change, ids, … }. Without webhooks it costs one EXISTS.
local function offer (changes)
  if none_wanted or redis.call('EXISTS', WANTED) == 0 then return end
  local kinds, offered = {}, {}
  for i = 1, #changes, 2 do kinds[#kinds + 1] = string.match(changes[i], '^%a+') end
  for i, wanted in ipairs(redis.call('SMISMEMBER', WANTED, unpack(kinds))) do
    local change = changes[2 * i - 1]
    if wanted == 1 and string.match(change, '^%a+ (%S+)') ~= DELIVERIES then offered[#offered + 1], offered[#offered + 2] = change, changes[2 * i] end
  end
  if #offered == 0 then return end
  if redis.call('XLEN', OUTBOX) < MAX_OUTBOX then
    redis.call('XADD', OUTBOX, '*', unpack(offered))
  else
    redis.call('INCR', LOST_EVENTS)
  end
  call_relay()
end
