-- include lib/limits
-- include lib/aging
-- include lib/idle
-- include lib/token
-- include lib/adopt
-- include lib/cancel
-- include lib/due
-- include lib/ready
-- exports take
-- Leases up to `max` ready jobs to a worker, high before normal before low (but see lib/aging), oldest first, groups in turn, as long as their records stay
-- within max_bytes; `first` is whether the first may be larger. Returns groups of jobs that share a token, { token, id, record, id,
-- record, … }, how many jobs, how many bytes their records have, and how many were read besides. What is too large to be a job is dead-lettered on the way, and
-- ghosts (lib/ties) are skipped and what has expired is cancelled, up to MAX_ITEMS of them. It ends when it has read max_bytes besides. A paused queue gives none, and one with limits no more than these allow.
local TOO_LARGE = '{"reason":"not_a_job","message":"The list entry is larger than 4 MiB; only its beginning is shown."}'

-- What is known of the jobs of some entries of one list, and which of these are ghosts.
local function look_up (entries, priority)
  local ids = {}
  for i = 1, #entries do ids[i] = id_of(entries[i]) end
  local records, ties, ghosts = redis.call('HMGET', JOBS, unpack(ids)), ties_of(ids), {}
  for i = 1, ties and #entries or 0 do
    -- An entry without a record and without ties is somebody's, who pushed it past us.
    if ties[i] and (not records[i] or entries[i] ~= entry_of(ids[i], ties[i])) then
      ghosts[i] = true
      bust_ghost(ids[i], ties[i], priority, records[i])
      -- The same job may have another one among these.
      for k = i + 1, #ids do if ids[k] == ids[i] then ties[k] = redis.call('HGET', TIES, ids[i]) end end
    end
  end
  return ids, records, ties, ghosts
end

local function take (worker, nonce, max, lease_ms, max_bytes, first)
  if is_paused() then return {}, 0, 0, 0 end
  local limits = read_settings().is_limited and Limits
  if limits then max = math.min(max, (limits.allowance())) end
  if max == 0 then return {}, 0, 0, 0 end
  local groups, by_token, leased = {}, {}, {}
  local adopted, started, dead = {}, {}, {} -- ids
  local count, bytes, full = 0, 0, false
  local skipped, in_vain = 0, 0 -- ghosts and what has expired, and the bytes of these and of all failures
  -- How many to read at a time: four times as many each time, and no more than fit if they are like those before. What does not
  -- fit has been read for nothing, and a record can have a megabyte.
  local chunk = 2
  -- Mostly there is none of it: one call says so.
  local unusual = redis.call('EXISTS', ATTEMPTS, EXPIRING, TIES) > 0
  local any_history, any_expiring = unusual and redis.call('EXISTS', ATTEMPTS) == 1, unusual and redis.call('EXISTS', EXPIRING) == 1
  if not unusual then has_no_ties() end
  local begun, expired, outcomes = {}, {}, {} -- ids, ids, and of the latter id, outcome
  local at, fresh_tokens, aging = 1, {}, read_settings().aging_ms
  while PRIORITIES[at] and count + #dead < max and skipped < MAX_ITEMS and in_vain < max_bytes and not full do
    local priority, most
    if aging then priority, most = aged_priority() end
    local aged = priority
    priority = priority or PRIORITIES[at]
    local entries, owners = pop(priority, math.min(most or chunk, chunk, max - count - #dead))
    if not entries then
      if aged then aging = false else at = at + 1 end
    else
      local fresh = fresh_tokens[priority] or make_token(priority, false, '', 1, 0, nonce)
      fresh_tokens[priority] = fresh
      local ids, records, ties, ghosts = look_up(entries, priority)
      local history = any_history and redis.call('HMGET', ATTEMPTS, unpack(ids))
      local expiring = any_expiring and redis.call('ZMSCORE', EXPIRING, unpack(ids))
      for i = 1, #ids do
        local size = #(records[i] or ids[i])
        full = not ghosts[i] and size <= MAX_RECORD and bytes + size > max_bytes and not (first and count == 0)
        if full then
          local rest, their_owners = {}, owners and {}
          for k = i, #ids do
            if not ghosts[k] then
              rest[#rest + 1] = entries[k]
              if owners then their_owners[#rest] = owners[k] end
            end
          end
          unpop(priority, rest, their_owners)
          break
        end
        local expires = not ghosts[i] and expiring and tonumber(expiring[i] or nil)
        if history and history[i] then in_vain = in_vain + #history[i] end
        if ghosts[i] then
          skipped, in_vain = skipped + 1, in_vain + size
        elseif expires and expires <= NOW then
          skipped, in_vain = skipped + 1, in_vain + size
          expired[#expired + 1] = ids[i]
          outcomes[#outcomes + 1], outcomes[#outcomes + 2] = ids[i], cancelled_outcome(never_leased(priority, history and history[i]), '-', history and history[i], EXPIRED)
        else
          if expires then begun[#begun + 1] = ids[i] end
          local id, record, token = ids[i], records[i], fresh
          if not record then
            id, record = adopt(entries[i], priority)
            adopted[#adopted + 1] = id
          end
          if ties and ties[i] then free_at_start(id, ties[i]) end
          if ties and ties[i] or history and history[i] then
            local failed, lost = string.match(history and history[i] or '0 0', '^(%d+) (%d+)')
            token = make_token(priority, history and history[i], suffix_of(ties and ties[i]), failed + 1, lost, nonce)
          end
          if size > MAX_RECORD then
            bury(id, parse_token(token), worker, add_error('', 1, worker, TOO_LARGE))
            dead[#dead + 1] = id
          else
            local group = by_token[token]
            if not group then
              group = { token }
              by_token[token], groups[#groups + 1] = group, group
            end
            group[#group + 1], group[#group + 2] = id, record
            local owner = owners and owners[i] ~= '' and owners[i]
            if owner and limits then Groups.take(owner) end
            leased[#leased + 1], leased[#leased + 2] = id, owner and token .. '@' .. owner or token
            bytes = bytes + size
            count = count + 1
            started[count] = id
          end
        end
      end
      local read = bytes + in_vain
      local fitting = read > 0 and math.ceil((max_bytes - read) / read * (count + skipped)) or MAX_CHUNK
      chunk = math.max(1, math.min(4 * chunk, MAX_CHUNK, fitting))
    end
  end
  if count > 0 then
    lease(worker, leased, lease_ms)
    if limits then limits.count_in(worker, count) end
  end
  if #begun > 0 then redis.call('ZREM', EXPIRING, unpack(begun)) end
  end_cancelled(outcomes)
  count_up('failed', #dead)
  if #adopted > 0 then note_ids(text_of(adopted)) end
  emit('submitted', adopted)
  emit('started', started, worker)
  emit('failed', dead, worker)
  emit('cancelled', expired)
  return groups, count, bytes, in_vain
end
