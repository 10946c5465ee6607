-- exports Rate
-- include lib/call
-- A rate is `<interval, ms> <burst>`: one job an interval, and after a quiet time `burst` at once. What has been used of it is one
-- number (the generic cell rate algorithm): the time, in ms, up to which the jobs that have started would fill it, one after the other.
local Rate = {}
local known -- interval and burst, by rate: many groups have the same
at_start(function () known = {} end)

local function parse (rate)
  local both = known[rate]
  if not both then
    local interval, burst = string.match(rate, '^(%S+) (%d+)$')
    both = { tonumber(interval), tonumber(burst) }
    known[rate] = both
  end
  return both[1], both[2]
end

-- How many jobs may start now, and from when on the next may, given up to when the rate is used, or nil.
function Rate.permitted (rate, used_to)
  local interval, burst = parse(rate)
  -- One that is used further than it can be had another setting, or the clock has been set back.
  local used = math.max(NOW, math.min(used_to or 0, NOW + burst * interval))
  return math.max(0, math.floor((NOW - used) / interval + burst + 1e-6)), used - (burst - 1) * interval
end

-- Up to when it is used once `count` more have started.
function Rate.used_by (rate, used_to, count)
  local interval, burst = parse(rate)
  return math.max(NOW, math.min(used_to or 0, NOW + burst * interval)) + count * interval
end

-- Such a time as it is kept.
function Rate.text_of (used_to) return string.format('%.3f', used_to) end
