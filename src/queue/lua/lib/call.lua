-- exports KEYS, ARGV, TIME, NOW, STAMP, at_start, start, MAX_ITEMS, MAX_RECORD
-- What a function was called with, and when. The files in lib are run once, when Redis is given the library; what one of them keeps of a call
-- it makes anew `at_start`, and all else at its top is the same for all calls.
local KEYS, ARGV

-- The one clock of the system, in milliseconds: 13 digits, which `..` and cjson write out whole. STAMP is the same as text, as `..` takes long
-- to write a number.
local TIME, NOW, STAMP

local beginnings = {}
local function at_start (begin) beginnings[#beginnings + 1] = begin end

local function start (keys, args)
  KEYS, ARGV = keys, args
  TIME = redis.call('TIME')
  NOW = TIME[1] * 1000 + math.floor(TIME[2] / 1000)
  STAMP = string.format('%d', NOW)
  for i = 1, #beginnings do beginnings[i]() end
end

local MAX_ITEMS = 1000 -- no function touches more jobs than this in one call
local MAX_RECORD = 4 * 1024 * 1024 -- no job is larger: what the API takes is not, a foreign list entry that is gets refused
