import assert from 'node:assert/strict'
import { decodeRecord } from '../../src/queue/record.ts'
import type { QueueSettings } from '../../src/queue/settings.ts'
import type { Engine } from '../helper/engine.ts'

// What must be true of any state of queues with groups and limits, read key by key without any script.

export const QUEUES = ['default', 'q2', 'q3'] as const

interface SeenQueue {
  settings: QueueSettings
  /** of its jobs that run: how many, and of each group */
  running: number
  groups: Record<string, number>
}
export type Seen = Record<string, SeenQueue>

const FAR = 1e15
const PRIORITIES = [['h', ':high'], ['n', ''], ['l', ':low']] as const

async function scores (redis: Engine['redis'], key: string): Promise<Map<string, number>> {
  const flat = await redis.zrange(key, '0', '-1', 'WITHSCORES')
  return new Map(flat.flatMap((member, i) => i % 2 === 0 ? [[member, Number(flat[i + 1])] as const] : []))
}

const most = ({ group_concurrency, group_overrides }: QueueSettings, group: string) => group_overrides?.[group]?.concurrency ?? group_concurrency ?? Infinity
const rateOf = ({ group_rate_limit, group_overrides }: QueueSettings, group: string) => group_overrides?.[group]?.rate_limit ?? group_rate_limit

function permitted (rate: QueueSettings['rate_limit'], used: number | undefined, now: number): number {
  if (!rate) return Infinity
  const interval = rate.period_seconds! * 1000 / rate.limit
  const to = Math.max(now, Math.min(used ?? 0, now + rate.burst! * interval))
  return Math.max(0, Math.floor((now - to) / interval + rate.burst! + 1e-6))
}

async function look ({ redis, keys }: Engine, of: string) {
  const base = keys.base(of)
  const json = await redis.hget(keys.settings, of)
  const settings: QueueSettings = json === null ? {} : JSON.parse(json)
  const held = new Map<string, string>()
  for (const name of ['w1', 'w2']) {
    for (const [id, token] of Object.entries(await redis.hgetall(keys.held(of, name)))) {
      assert(!held.has(id), 'two workers hold a job')
      held.set(id, token)
    }
  }
  const groups: Record<string, number> = {}
  for (const token of held.values()) {
    const group = token.split('@').slice(1).join('@')
    if (group) groups[group] = (groups[group] ?? 0) + 1
  }
  const lists = new Map<string, string[]>()
  for (const [letter, suffix] of PRIORITIES) {
    lists.set(letter, await redis.lrange(base + suffix, 0, -1))
    const prefix = `${base}:group:${letter}:`
    for (const name of await redis.keys(`${prefix}*`)) lists.set(letter + name.slice(prefix.length), await redis.lrange(name, 0, -1))
  }
  return { base, settings, held, groups, lists, rings: new Map(await Promise.all(PRIORITIES.map(async ([letter]) => [letter, await lookAtRing(redis, base, letter)] as const))) }
}

/** Who takes turns, in their order: the entry that each gives, none for the jobs without a group, and whether that is its own place. */
async function lookAtRing (redis: Engine['redis'], base: string, letter: string) {
  const places = (await redis.lrange(`${base}:turns:${letter}`, 0, -1)).map(member => {
    if (member === '-') return { group: '', own: true }
    const [, entry, kind, group] = /^(.{22}(?:~\d+)?)([@!])(.*)$/.exec(member)!
    return { entry, group: group!, own: kind === '@' }
  })
  return { places, heads: new Set(await redis.smembers(`${base}:heads:${letter}`)), behind: new Set(await redis.smembers(`${base}:behind:${letter}`)) }
}

/** Throws when something is not as it must be. */
export async function judge (engine: Engine, before?: Seen, happened: Record<string, number> = {}): Promise<Seen> {
  const note = (what: string, n: number) => { happened[what] = (happened[what] ?? 0) + n }
  const { redis, keys } = engine
  const after: Seen = {}
  const jobs = await redis.hgetall(keys.jobs)
  const outcomes = new Set(await redis.hkeys(keys.outcomes))
  const places = new Map<string, string[]>()
  const at = (id: string, place: string) => places.set(id, [...places.get(id) ?? [], place])
  for (const of of QUEUES) {
    const { base, settings, held, groups, lists, rings } = await look(engine, of)
    const ownSettings = await redis.hgetall(`${base}:settings`)
    const stats = await redis.hgetall(`${base}:stats`)
    const ties = await redis.hgetall(`${base}:ties`)
    const limits = await redis.hgetall(`${base}:limits`)
    const asleep = await scores(redis, `${base}:asleep`)
    const rates = await scores(redis, `${base}:rates`)
    const now = Number((await redis.time())[0]) * 1000
    after[of] = { settings, running: held.size, groups }

    note('held', held.size)
    note('asleep', [...asleep.values()].filter(time => time === FAR).length)
    note('asleep for a rate', [...asleep.values()].filter(time => time < FAR).length)
    note('full', settings.concurrency && held.size >= settings.concurrency ? 1 : 0)
    note('blocked', await redis.hlen(`${base}:blocked`))
    note('ties', Object.keys(ties).length)
    note('parked', await redis.llen(`${base}:idle`))
    note('grouped', Number(stats.grouped_n ?? 0))

    const counts = Object.fromEntries(Object.entries(await redis.hgetall(`${base}:running`)).map(([group, n]) => [group, Number(n)]))
    const isCounted = settings.group_concurrency !== undefined || Object.values(settings.group_overrides ?? {}).some(({ concurrency }) => concurrency)
    assert.deepEqual(counts, isCounted ? groups : {}, `${of}: running of groups`)
    assert.equal(Number(limits.running ?? 0), settings.concurrency ? held.size : 0, `${of}: running`)

    // limits
    const was = before?.[of]
    if (settings.concurrency && held.size > settings.concurrency) assert(was && held.size <= was.running, `${of}: ${held.size} run of ${settings.concurrency}`)
    for (const [group, n] of Object.entries(groups)) if (n > most(settings, group)) assert(was && n <= (was.groups[group] ?? 0), `${of}: ${n} run of ${group}`)

    // lists
    const current = (entry: string) => {
      const id = entry.slice(0, 22)
      return jobs[id] !== undefined && entry.slice(22) === (ties[id] ?? '|').split('|')[0]
    }
    let startable = false
    const free = (settings.concurrency ?? Infinity) - held.size
    const room = Math.min(free, permitted(settings.rate_limit, limits.used_to === undefined ? undefined : Number(limits.used_to), now))
    for (const [letter] of PRIORITIES) {
      let grouped = 0
      const { places: ring, heads, behind } = rings.get(letter)!
      const own = ring.filter(place => place.own).map(({ group }) => group)
      assert.equal(own.length, new Set(own).size, `${of}: a group has two places among the turns`)
      const sleep = [...asleep.keys()].filter(member => member[0] === letter).map(member => member.slice(1))
      assert.deepEqual([...own, ...sleep].sort(), [...heads].sort(), `${of}: who takes part`)
      note('came back', ring.length - own.length)
      const see = (entries: string[], group: string, where: string) => {
        if (group !== '') grouped += entries.length
        const live = entries.filter(current)
        for (const entry of live) {
          at(entry.slice(0, 22), `${of} ${where}`)
          const job = decodeRecord('', jobs[entry.slice(0, 22)]!)
          assert.equal(`${job.queue} ${job.priority[0]}${job.group ?? ''}`, `${of} ${letter}${group}`, 'a job is elsewhere than its own place')
        }
        const groupRoom = group === '' ? Infinity : Math.min(most(settings, group) - (groups[group] ?? 0), permitted(rateOf(settings, group), rates.get(group), now))
        if (live.length > 0 && room > 0 && groupRoom > 0) startable = true
      }
      for (const { entry, group } of ring) if (entry !== undefined) see([entry], group, `turn ${letter}${group}`)
      for (const [name, entries] of lists) {
        if (name[0] !== letter) continue
        const group = name.slice(1)
        if (group !== '') {
          assert(heads.has(group), `${of}: ${group} has jobs and neither a turn nor does it sleep`)
          assert(behind.has(group), `${of}: ${group} has a list that is not known of`)
        }
        see(entries, group, `list ${name}`)
      }
      assert.equal(Number(stats[`grouped_${letter}`] ?? 0), grouped, `${of}: count of ready jobs with a group`)
      if (grouped > 0) assert.equal(ownSettings.grouped, '1')
    }
    for (const [member, time] of asleep) {
      const group = member.slice(1)
      if (time === FAR) assert((groups[group] ?? 0) >= most(settings, group), `${of}: ${member} sleeps though it may not need to`)
      if (time < FAR) assert(rateOf(settings, group), `${of}: ${member} sleeps for a rate that there is not`)
    }
    const parked = await redis.llen(`${base}:idle`)
    if (parked > 0 && ownSettings.paused !== '1') assert(!startable, `${of}: a worker is parked though a job may start`)

    for (const id of held.keys()) at(id, `${of} held`)
    for (const where of ['scheduled', 'retrying']) for (const member of await redis.zrange(`${base}:${where}`, '0', '-1')) at(member.slice(1, 23), `${of} ${where}`)
    for (const id of await redis.hkeys(`${base}:blocked`)) at(id, `${of} blocked`)
  }
  for (const id of Object.keys(jobs)) {
    const found = places.get(id) ?? []
    assert.equal(found.length, outcomes.has(id) ? 0 : 1, `a job is in ${found.join(', ') || 'no place'} ${outcomes.has(id) ? 'and has ended' : ''}`)
  }
  return after
}
