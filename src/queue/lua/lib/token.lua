-- A lease token is `<priority><+|->.<attempt>.<lost>.<leased at, ms>.<nonce>`, and is what ACTIVE:<worker> holds for
-- the job: to be accepted a write must present exactly it. `+` says that ATTEMPTS has an entry for the job.
local function make_token (priority, has_history, attempt, lost, nonce)
  return priority .. (has_history and '+' or '-') .. '.' .. attempt .. '.' .. lost .. '.' .. NOW .. '.' .. nonce
end

local parsed = {}
local function parse_token (token)
  local lease = parsed[token]
  if not lease then
    local priority, mark, attempt, lost, at = string.match(token, '^(%a)([+-])%.(%d+)%.(%d+)%.(%d+)%.')
    lease = { priority = priority, has_history = mark == '+', attempt = attempt, lost = lost, at = at }
    parsed[token] = lease
  end
  return lease
end
