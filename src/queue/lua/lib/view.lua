-- include lib/ties
-- What is known of some jobs of this queue, a row each: { record, outcome, history, progress, place, worker } with ''
-- for what is not there. The place of a job that has not ended is 'q' (in its list), 's<due ms>', 'r<due ms>' or
-- 'a<lease token>' with the worker that holds it.
-- Of a record that is no job's only the beginning.
local MAX_WORKERS, SHOWN = 1000, 65536

local function place_of (id, record)
  local member = string.sub(record, 14, 14) .. entry_of(id, has_ties() and redis.call('HGET', TIES, id))
  local due = redis.call('ZSCORE', SCHEDULED, member)
  if due then return 's' .. due, '' end
  due = redis.call('ZSCORE', RETRYING, member)
  if due then return 'r' .. due, '' end
  for _, worker in ipairs(redis.call('ZREVRANGE', ACTIVE, 0, MAX_WORKERS - 1)) do
    local token = redis.call('HGET', held_by(worker), id)
    if token then return 'a' .. token, worker end
  end
  return 'q', ''
end

local function view (id)
  local record = redis.call('HGET', JOBS, id)
  if not record then return { '', '', '', '', '', '' } end
  if #record > MAX_RECORD then record = string.sub(record, 1, SHOWN) end
  local outcome = redis.call('HGET', OUTCOMES, id)
  if outcome then return { record, outcome, '', '', '', '' } end
  local place, worker = place_of(id, record)
  return { record, '', redis.call('HGET', ATTEMPTS, id) or '', redis.call('HGET', PROGRESS, id) or '', place, worker }
end
