#!lua flags=allow-oom
-- A worker's turn: settles what it finished, then leases what it has room for; either part may be empty.
-- ARGV: queue, worker, the note to withdraw ('' when none), nonce, max jobs to lease, lease_ms, park (1 or 0),
--   completed jobs to keep, dead jobs to keep,
--   number of groups of completions that share a token, for each: token, how many, and for each of these: id, result (JSON text);
--   then for each other settlement: kind (`retry`, `dead`, `put_off` or `release`), id, token, delay_ms (retry, put_off) or 0, failure (JSON text).
-- Returns: { now, which settlements were stale, counted from 1 in the order of ARGV; groups of leased jobs (lib/take), next due
--   time in ms or 0, the note left or '' }.
-- Promises: a settlement counts only when the worker still holds the job under exactly that token, otherwise it is stale
--   and changes nothing; released jobs go back to the head of their list with nothing counted, those that are put off wait for their time with nothing counted; a worker with room for
--   more than there was, and park = 1, is parked and will be handed jobs (lib/wake). Runs when Redis is out of memory.
-- include lib/keys
-- include lib/finish
-- include lib/conclude

local worker, parked, nonce = ARGV[2], ARGV[3], ARGV[4]
local max, lease_ms, park = math.min(tonumber(ARGV[5]), MAX_ITEMS), tonumber(ARGV[6]), ARGV[7] == '1'
local keep_completed, keep_dead = tonumber(ARGV[8]), tonumber(ARGV[9])
local groups_to_complete, at = tonumber(ARGV[10]), 11
local HELD = held_by(worker)
-- The answers that may be under way to a worker of many queues stay below the 32 MiB at which Redis cuts off a subscriber
-- (client-output-buffer-limit).
local MAX_ANSWER = 1024 * 1024
local stale, settled, settled_tokens, seen, nth = {}, {}, {}, {}, 0
local retried, buried, back, delayed = {}, {}, {}, {} -- ids

-- The leases that a set of settlements names, checked: id i is still held under token_of(i), and not named twice. Returns what is held of
-- each that is: its token, and its group.
local function check (ids, token_of)
  local held, valid = redis.call('HMGET', HELD, unpack(ids)), {}
  for i = 1, #ids do
    local id = ids[i]
    nth = nth + 1
    if is_under(held[i], token_of(i)) and not seen[id] then
      seen[id], valid[i] = true, held[i]
      settled[#settled + 1], settled_tokens[#settled_tokens + 1] = id, held[i]
    else
      stale[#stale + 1] = nth
    end
  end
  return valid
end

local function complete (token, ids, results)
  local valid = check(ids, function () return token end)
  if not next(valid) then return end
  local outcomes, done, lease = {}, {}, parse_token(token)
  local head = outcome_head('c', lease, worker)
  for i = 1, #ids do
    if valid[i] then
      local errors = lease.has_history and errors_of(redis.call('HGET', ATTEMPTS, ids[i])) or ''
      outcomes[#outcomes + 1], outcomes[#outcomes + 2] = ids[i], head .. errors .. '\n' .. results[i]
      done[#done + 1] = ids[i]
    end
  end
  redis.call('HSET', OUTCOMES, unpack(outcomes))
  if lease.has_history then redis.call('HDEL', ATTEMPTS, unpack(done)) end
  local length = redis.call('RPUSH', COMPLETED, unpack(done))
  ended(done, 'c')
  trim_completed(length, keep_completed)
  count_up('completed', #done)
  emit('completed', done, worker)
end

local function retry (id, lease, delay_ms, failure)
  local errors = add_error(lease.has_history and errors_of(redis.call('HGET', ATTEMPTS, id)) or '', lease.attempt, worker, failure)
  redis.call('HSET', ATTEMPTS, id, lease.attempt .. ' ' .. lease.lost .. '\n' .. errors)
  redis.call('ZADD', RETRYING, NOW + tonumber(delay_ms), member_of(lease.priority, id .. lease.suffix, lease.group))
  count_up('retried', 1)
  retried[#retried + 1] = id
end

-- A job that has never failed is scheduled again.
local function put_off (id, lease, delay_ms)
  local is_first = lease.attempt == '1'
  redis.call('ZADD', is_first and SCHEDULED or RETRYING, NOW + tonumber(delay_ms), member_of(lease.priority, id .. lease.suffix, lease.group))
  local ids = is_first and delayed or retried
  ids[#ids + 1] = id
end

local function dead (id, lease, _, failure)
  local errors = add_error(lease.has_history and errors_of(redis.call('HGET', ATTEMPTS, id)) or '', lease.attempt, worker, failure)
  bury(id, lease, worker, errors)
  count_up('failed', 1)
  buried[#buried + 1] = id
end

for _ = 1, groups_to_complete do
  local token, count, ids, results = ARGV[at], tonumber(ARGV[at + 1]), {}, {}
  at = at + 2
  for i = 1, count do
    ids[i], results[i] = ARGV[at], ARGV[at + 1]
    at = at + 2
  end
  complete(token, ids, results)
end

local released = {}
do
  local kinds, ids, tokens, details, failures = {}, {}, {}, {}, {}
  while ARGV[at] do
    local i = #ids + 1
    kinds[i], ids[i], tokens[i], details[i], failures[i] = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
    at = at + 5
  end
  if #ids > 0 then
    local valid = check(ids, function (i) return tokens[i] end)
    for i = 1, #ids do
      if valid[i] then
        if kinds[i] == 'retry' then
          retry(ids[i], parse_token(valid[i]), details[i], failures[i])
        elseif kinds[i] == 'put_off' then
          put_off(ids[i], parse_token(valid[i]), details[i])
        elseif kinds[i] == 'dead' then
          dead(ids[i], parse_token(valid[i]), details[i], failures[i])
        else
          local lease = parse_token(valid[i])
          gather(released, lease.priority, ids[i] .. lease.suffix, lease.group)
          back[#back + 1] = ids[i]
        end
      end
    end
    trim(DLQ, keep_dead)
    emit('retrying', retried, worker)
    emit('scheduled', delayed, worker)
    emit('failed', buried, worker)
    emit('queued', back, worker)
  end
end

if #settled > 0 then
  redis.call('HDEL', HELD, unpack(settled))
  if is_remote(worker) then redis.call('ZREM', until_of(worker), unpack(settled)) end
  if redis.call('EXISTS', PROGRESS) == 1 then redis.call('HDEL', PROGRESS, unpack(settled)) end
  if read_settings().is_limited then Limits.count_out(worker, settled_tokens) end
end
put(released, true)

if parked ~= '' then redis.call('LREM', IDLE, 1, parked) end
settle_links() -- so that this worker may take the children
local _, next_due = promote()
local groups, note = {}, ''
if max > 0 then
  local count
  groups, count = take(worker, nonce, max, lease_ms, MAX_ANSWER, true)
  -- Where the queue gives none it parks although there are jobs: it is handed them when the queue goes on, or a limit allows.
  if park and count < max and available() == 0 then
    note = leave_note(worker, nonce .. 'h', max - count, lease_ms)
  end
end
local next_permit = wake(note)
if next_permit then next_due = math.min(next_due or math.huge, next_permit) end
conclude()
return { NOW, stale, groups, next_due or 0, note }
