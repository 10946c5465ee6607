-- exports holders_among
-- include lib/keys
-- Which workers hold jobs. To find out takes a command or two for each worker, however many jobs are sought.
local MAX_HOLDERS = 1000

-- Those of some jobs that a worker holds: id -> { worker, token }; of at most MAX_HOLDERS workers. Of a worker that holds fewer jobs than
-- are sought all of them are read.
local function holders_among (ids)
  local sought, found = {}, {}
  for _, id in ipairs(ids) do sought[id] = true end
  for _, worker in ipairs(#ids > 0 and redis.call('ZREVRANGE', ACTIVE, 0, MAX_HOLDERS - 1) or {}) do
    local held, any, left = held_by(worker), false, {}
    if #ids > 1 and redis.call('HLEN', held) < #ids then
      local all = redis.call('HGETALL', held)
      for i = 1, #all, 2 do
        if sought[all[i]] then found[all[i]], any = { worker, all[i + 1] }, true end
      end
    else
      for i, token in ipairs(redis.call('HMGET', held, unpack(ids))) do
        if token then found[ids[i]], any = { worker, token }, true end
      end
    end
    if any then
      for _, id in ipairs(ids) do if not found[id] then left[#left + 1] = id end end
      ids = left
      if #ids == 0 then break end
    end
  end
  return found
end
