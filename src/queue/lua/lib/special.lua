-- include lib/push
-- include lib/settings
-- include lib/ties
-- include lib/token
-- What only queues with groups or limits need. Redis makes a script's functions anew each time that it runs, so these are made when they
-- are needed first; to know whether they are takes a field of the queue's settings.
local made
local function special ()
  if made then return made end
  made = (function ()
-- include lib/rate
-- include lib/groups
-- include lib/turns
-- include lib/limits
-- include lib/aging
    return { groups = Groups, turns = Turns, limits = Limits, aged_priority = aged_priority }
  end)()
  return made
end
