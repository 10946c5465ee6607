-- exports ranked
-- include lib/ties
-- The jobs of a sorted set, in its order: by score and, where that is the same, by member.

local function is_before (a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

-- How many come before `time`, together with those that have it when `with` is true.
local function count_to (set, newest, time, with)
  local bound = with and time or '(' .. time
  if newest then return redis.call('ZCOUNT', set, bound, '+inf') end
  return redis.call('ZCOUNT', set, '-inf', bound)
end

-- How many come before the place { time, member }, and the member itself if it is there still: of those with the same score it
-- is found by halving, as there can be a million.
local function rank_after (set, newest, time, member)
  local low, high = count_to(set, newest, time, false), count_to(set, newest, time, true)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local other = redis.call(newest and 'ZREVRANGE' or 'ZRANGE', set, middle, middle)[1]
    local is_behind = newest and is_before(other, member) or not newest and is_before(member, other)
    if is_behind then high = middle else low = middle + 1 end
  end
  return low
end

-- Up to `count` from a place on (see find.lua): each { id, time, member }, and whether they were the last.
local function ranked (set, newest, count, time, from, member_starts_at)
  local start = 0
  if from == '(' then
    start = count_to(set, newest, time, true)
  elseif from ~= '' then
    start = rank_after(set, newest, time, from)
  elseif time ~= '' then
    start = count_to(set, newest, time, false)
  end
  local flat, found = redis.call(newest and 'ZREVRANGE' or 'ZRANGE', set, start, start + count - 1, 'WITHSCORES'), {}
  for i = 1, #flat, 2 do found[#found + 1] = { string.sub(flat[i], member_starts_at, member_starts_at + ID_LENGTH - 1), flat[i + 1], flat[i] } end
  return found, start + #found >= redis.call('ZCARD', set)
end
