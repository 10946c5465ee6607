-- include lib/push
-- include lib/settings
-- include lib/ties
-- include lib/token
-- What only queues with groups or limits need. Redis makes a script's functions anew each time that it runs, so these, and their keys, are made when
-- they are needed first; to know whether they are takes a field of the queue's settings.
local made
local function special ()
  if not GROUPS then
    local base = LISTS.n
    LIMITS = base .. ':limits'
    GROUPS = {
      turns = { h = base .. ':turns:h', n = base .. ':turns:n', l = base .. ':turns:l' }, list = base .. ':group:',
      asleep = base .. ':asleep', running = base .. ':running', counting = base .. ':running:counting', rates = base .. ':rates', overrides = base .. ':overrides'
    }
  end
  if made then return made end
  made = (function ()
-- include lib/rate
-- include lib/groups
-- include lib/turns
-- include lib/limits
-- include lib/upkeep
-- include lib/aging
    return { groups = Groups, turns = Turns, limits = Limits, upkeep = Upkeep, aged_priority = aged_priority }
  end)()
  return made
end
