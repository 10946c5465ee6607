-- exports make_token, parse_token, is_under
-- include lib/call
-- A lease token is `<priority><+|-><suffix>.<attempt>.<lost>.<leased at, ms>.<nonce>`, and is what ACTIVE:<worker> holds for
-- the job, and behind it, when the job has a group, `@<group>`: to be accepted a write must present exactly it, without the group. `+` says that ATTEMPTS has an entry for the job; the suffix is that of
-- the job's entry in its list (lib/ties), mostly none.
local function make_token (priority, has_history, suffix, attempt, lost, nonce)
  return priority .. (has_history and '+' or '-') .. suffix .. '.' .. attempt .. '.' .. lost .. '.' .. STAMP .. '.' .. nonce
end

local parsed -- by token
at_start(function () parsed = {} end)

-- Of a token, with or without a group.
local function parse_token (token)
  local lease = parsed[token]
  if not lease then
    local priority, mark, suffix, attempt, lost, at = string.match(token, '^(%a)([+-])([^.]*)%.(%d+)%.(%d+)%.(%d+)%.')
    local group_at = string.find(token, '@', 1, true)
    lease = { priority = priority, has_history = mark == '+', suffix = suffix, attempt = attempt, lost = lost, at = at, group = group_at and string.sub(token, group_at + 1) or nil }
    parsed[token] = lease
  end
  return lease
end

-- Whether what a worker holds of a job is under this token.
local function is_under (held, token)
  return held == token or held and string.byte(held, #token + 1) == 64 and string.sub(held, 1, #token) == token
end
