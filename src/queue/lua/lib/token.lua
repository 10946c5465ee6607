-- A lease token is `<priority><+|-><suffix>.<attempt>.<lost>.<leased at, ms>.<nonce>`, and is what ACTIVE:<worker> holds for
-- the job: to be accepted a write must present exactly it. `+` says that ATTEMPTS has an entry for the job; the suffix is that of
-- the job's entry in its list (lib/ties), mostly none.
local function make_token (priority, has_history, suffix, attempt, lost, nonce)
  return priority .. (has_history and '+' or '-') .. suffix .. '.' .. attempt .. '.' .. lost .. '.' .. NOW .. '.' .. nonce
end

local parsed = {}
local function parse_token (token)
  local lease = parsed[token]
  if not lease then
    local priority, mark, suffix, attempt, lost, at = string.match(token, '^(%a)([+-])([^.]*)%.(%d+)%.(%d+)%.(%d+)%.')
    lease = { priority = priority, has_history = mark == '+', suffix = suffix, attempt = attempt, lost = lost, at = at }
    parsed[token] = lease
  end
  return lease
end
