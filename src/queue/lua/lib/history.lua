-- exports errors_of, add_error
-- ATTEMPTS holds, only for jobs that failed or were lost before, `<failed> <lost>\n` and the last failures, a line
-- each: `<attempt> <at_ms> <worker> <JSON object>`. The JSON is the worker's and never read here.
local MAX_ERRORS = 10

-- The failures of an ATTEMPTS entry or of an outcome: everything behind its first line.
local function errors_of (entry)
  return entry and string.match(entry, '^[^\n]*\n(.*)$') or ''
end

local function add_error (errors, attempt, worker, json)
  local all = errors .. attempt .. ' ' .. NOW .. ' ' .. worker .. ' ' .. json .. '\n'
  local _, n = string.gsub(all, '\n', '\n')
  if n > MAX_ERRORS then all = string.gsub(all, '^[^\n]*\n', '', 1) end
  return all
end
