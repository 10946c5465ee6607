import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { fromUuid, toUuid } from '../../src/queue/ids.ts'
import type { JobSpec } from '../../src/queue/job.ts'
import { NotEditableError, QueueFullError, UniqueKeyTakenError } from '../../src/queue/errors.ts'
import { Leases } from '../../src/queue/lease.ts'
import type { Settlement } from '../../src/queue/lease.ts'
import { SettingsStore } from '../../src/queue/settings.ts'
import type { QueueSettings } from '../../src/queue/settings.ts'
import { HOUR_MS, startEngine } from '../helper/engine.ts'
import { QUEUES, judge } from './invariants.ts'
import type { Seen } from './invariants.ts'

// Random histories of three queues with all that limits them and all that moves jobs. What must be true of any state is looked at after each
// step; at the end all is worked off, cancelled or purged, and nothing may be left behind. MODEL_RUNS and the like as for the model.
const runs = Number(process.env.MODEL_RUNS ?? 30)
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31)
const engine = await startEngine(t)
const { redis, queue, keys, worker, sweep } = engine
const store = () => new SettingsStore(redis, keys)
const subscriber = await engine.connect()

interface Lease { id: string, token: string }
/** Leases, also those that are stale by now, and notes, by queue and worker. */
interface Run { ids: string[], leases: Map<string, Lease[]>, notes: Map<string, string> }
type Step = (run: Run) => Promise<void>
const step = (name: string, act: Step) => Object.assign(act, { [fc.toStringMethod]: () => name })

const aQueue = fc.constantFrom('default' as const, ...QUEUES)
const aWorker = fc.constantFrom('w1', 'w2')
const aGroup = fc.constantFrom(undefined, 'a', 'b', 'c', 'd @d')
const nth = fc.nat({ max: 200 })
const pick = <T>(list: T[], n: number) => list.length > 0 ? list[n % list.length] : undefined
const several = (list: string[], nths: number[]): string[] => [...new Set(nths.flatMap(n => pick(list, n) ?? []))]
const some = <T>(arbitrary: fc.Arbitrary<T>, weight = 2) => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight, arbitrary })
const clean = <T extends object>(object: T) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T

const aJob = fc.record({
  queue: aQueue,
  group: aGroup,
  priority: fc.constantFrom('normal' as const, 'normal' as const, 'normal' as const, 'normal' as const, 'high' as const, 'low' as const),
  delay_ms: some(fc.constant(HOUR_MS), 1),
  ttl_ms: some(fc.constant(2 * HOUR_MS), 1),
  parents: fc.oneof({ weight: 3, arbitrary: fc.constant<number[]>([]) }, fc.array(nth, { minLength: 1, maxLength: 2 })),
  runsAnyway: fc.boolean(),
  unique: some(fc.record({ key: fc.constantFrom('k', 'l'), until: fc.constantFrom('completed' as const, 'started' as const), on_conflict: fc.constantFrom('return' as const, 'replace' as const) }), 1)
})

const submit = fc.array(aJob, { minLength: 1, maxLength: 6 }).map(jobs => step(`submit ${jobs.map(({ queue, group, priority }) => `${queue}/${group ?? ''}/${priority}`)}`, async run => {
  const alive = run.ids.length > 0 ? await redis.hmget('jobs', ...run.ids.map(fromUuid)) : []
  const parents = run.ids.filter((_, i) => alive[i])
  const specs = jobs.map(({ parents: nths, runsAnyway, ...spec }): JobSpec => {
    const depends_on = several(parents, nths)
    return clean({ task: 'x', ...spec, ...(depends_on.length > 0 && { depends_on, on_parent_failure: runsAnyway ? 'run' as const : 'cancel' as const }) })
  })
  try {
    run.ids.push(...(await queue.submitAll(specs)).map(({ id }) => id))
  } catch (error) {
    if (!(error instanceof QueueFullError || error instanceof UniqueKeyTakenError)) throw error
  }
}))

const turn = fc.tuple(aQueue, aWorker, fc.nat({ max: 8 }), fc.array(fc.tuple(nth, fc.constantFrom('complete' as const, 'complete' as const, 'retry' as const, 'dead' as const, 'release' as const)), { maxLength: 5 }), fc.boolean()).map(([of, name, max, kinds, park]) =>
  step(`${name} of ${of} settles ${kinds.map(pair => pair.join(' '))} leases ${max}${park ? ' parks' : ''}`, async run => {
    const me = `${of} ${name}`
    const mine = run.leases.get(me) ?? []
    const settlements = kinds.flatMap(([n, kind]): Settlement[] => {
      const lease = pick(mine, n)
      if (!lease) return []
      if (kind === 'complete') return [{ kind, ...lease, result: '1' }]
      if (kind === 'release') return [{ kind, ...lease }]
      const failure = { reason: 'failed' as const, message: 'no' }
      return [kind === 'retry' ? { kind, ...lease, delay_ms: HOUR_MS, failure } : { kind, ...lease, failure }]
    })
    const leases = worker(name, { queue: of, keep_completed: 5, keep_dead: 5 })
    const turn = await leases.turn({ settlements, max, park, parked: run.notes.get(me) ?? '' })
    run.notes.set(me, turn.parked)
    run.leases.set(me, [...mine, ...turn.leased])
  }))

const RARE = { limit: 1, period_seconds: 36_000 }
const setTo = (of: string, settings: QueueSettings) => step(`set ${of} ${JSON.stringify(settings)}`, async () => { await store().change(of, () => settings) })
const set = fc.tuple(aQueue, fc.record({
  concurrency: some(fc.integer({ min: 2, max: 9 }), 1),
  rate_limit: some(fc.integer({ min: 2, max: 12 }).map(burst => ({ ...RARE, burst })), 1),
  group_concurrency: some(fc.integer({ min: 1, max: 3 }), 4),
  group_rate_limit: some(fc.integer({ min: 1, max: 4 }).map(burst => ({ ...RARE, burst })), 2),
  group_overrides: some(fc.constantFrom<NonNullable<QueueSettings['group_overrides']>>({ a: { concurrency: 2 } }, { b: { rate_limit: { ...RARE, burst: 2 } } }, { a: { concurrency: 1 }, c: { concurrency: 4, rate_limit: { ...RARE, burst: 5 } } }), 1),
  priority_aging_seconds: some(fc.constantFrom(1, 3600), 1),
  max_length: some(fc.constantFrom(10, 40), 1)
})).map(([of, settings]) => setTo(of, clean(settings)))
/** So that limits are reached in most histories. */
const BEGIN = [setTo('default', { group_concurrency: 1 }), setTo('q2', { group_concurrency: 2, group_rate_limit: { ...RARE, burst: 3 } }), setTo('q3', { concurrency: 3 })]

const pause = fc.tuple(aQueue, fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true))).map(([of, on]) => step(`${on ? 'pause' : 'resume'} ${of}`, async () => { await (on ? queue.pause(of) : queue.resume(of)) }))

const control = fc.tuple(fc.constantFrom('cancel' as const, 'cancel' as const, 'retry' as const, 'promote' as const, 'delete' as const), fc.array(nth, { minLength: 1, maxLength: 4 })).map(([action, nths]) => step(`${action} ${nths}`, async run => {
  for (const of of QUEUES) {
    const ids = several(run.ids, nths)
    if (ids.length > 0) await queue.control(of, action, ids)
  }
}))

const edit = fc.tuple(nth, fc.record({ priority: some(fc.constantFrom('high' as const, 'normal' as const, 'low' as const)), when: some(fc.constantFrom(0, HOUR_MS)) })).map(([n, { priority, when }]) => step(`edit ${n} ${priority} ${when}`, async run => {
  const id = pick(run.ids, n)
  if (id === undefined || (priority === undefined && when === undefined)) return
  await queue.edit(id, () => clean({ priority, delay_ms: when })).catch(error => { if (!(error instanceof NotEditableError)) throw error })
}))

const purge = fc.tuple(aQueue, fc.constantFrom('blocked' as const, 'queued' as const, 'scheduled' as const, 'retrying' as const, 'completed' as const, 'failed' as const, 'cancelled' as const)).map(([of, status]) => step(`purge ${of} ${status}`, async () => {
  await queue.purge(of, [status])
}))

const redrive = aQueue.map(of => step(`redrive ${of}`, async () => { await queue.redrive(of) }))
const lose = fc.tuple(aQueue, aWorker).map(([of, name]) => step(`${name} of ${of} is lost`, async () => {
  await redis.zadd(keys.active(of), 'XX', '1', name)
  await sweep({ queue: of })
}))
const upkeep = fc.tuple(aQueue, fc.boolean()).map(([of, forgets]) => step(`sweep ${of}${forgets ? ', which forgets' : ''}`, async () => {
  // It is time to count anew.
  const limits = `${keys.base(of)}:limits`
  if (await redis.hexists(limits, 'looked_at')) await redis.hset(limits, 'looked_at', 0)
  await sweep({ queue: of, ...(forgets && { completed_ms: 0, dead_ms: 0 }) })
}))
const due = fc.tuple(aQueue, fc.constantFrom(':scheduled', ':retrying', ':expiring')).map(([of, where]) => step(`due ${of}${where}`, async () => {
  const key = keys.base(of) + where
  const members = await redis.zrange(key, '0', '-1')
  if (members.length > 0) await redis.zadd(key, 'XX', ...members.flatMap((member, i) => [`${i + 1}`, member]))
  if (where === ':expiring') await sweep({ queue: of })
}))
/** Time goes by, for the rates of a queue. */
const pass = fc.tuple(aQueue, fc.integer({ min: 1, max: 3 })).map(([of, jobs]) => step(`${jobs} more may start in ${of}`, async () => {
  const base = keys.base(of)
  const ms = jobs * 36_000_000
  const used = await redis.hget(`${base}:limits`, 'used_to')
  if (used) await redis.hset(`${base}:limits`, 'used_to', Number(used) - ms)
  for (const key of [`${base}:rates`, `${base}:asleep`]) {
    for (const member of await redis.zrange(key, '0', '-1')) {
      if (Number(await redis.zscore(key, member)) < 1e15) await redis.zincrby(key, -ms, member)
    }
  }
  await sweep({ queue: of })
}))

const steps = fc.array(fc.oneof(
  { weight: 6, arbitrary: submit }, { weight: 12, arbitrary: turn }, { weight: 2, arbitrary: set }, { weight: 2, arbitrary: pause }, { weight: 3, arbitrary: control },
  { weight: 2, arbitrary: edit }, { weight: 1, arbitrary: purge }, { weight: 1, arbitrary: redrive }, { weight: 2, arbitrary: lose }, { weight: 2, arbitrary: upkeep },
  { weight: 2, arbitrary: due }, { weight: 2, arbitrary: pass }
), { minLength: 1, maxLength: 60, size: 'max' })

/** Everything may run now, and does. */
async function workOff (): Promise<void> {
  for (const of of QUEUES) {
    await store().change(of, () => ({}))
    await queue.resume(of)
  }
  for (let round = 0; round < 30; round++) {
    for (const of of QUEUES) {
      const base = keys.base(of)
      for (const where of [':scheduled', ':retrying']) {
        for (const member of await redis.zrange(base + where, '0', '-1')) await redis.zadd(base + where, 'XX', '1', member)
      }
      for (const name of ['w1', 'w2']) {
        const leases = worker(name, { queue: of })
        const held = (await leases.heartbeat()).held
        await leases.turn({ settlements: [...held].map(([id, token]) => ({ kind: 'complete', id, token, result: '1' })), max: 50 })
      }
      await sweep({ queue: of })
    }
  }
  const open = (await redis.hkeys('jobs')).length - await redis.hlen('outcomes')
  assert.equal(open, 0, 'all jobs end')
  await forgetAll()
}

/** Nobody works, and people purge all that waits. */
async function giveUp (isCancelled: boolean): Promise<void> {
  for (const of of QUEUES) {
    await store().change(of, () => ({}))
    await queue.resume(of)
    for (const name of ['w1', 'w2']) await redis.zadd(keys.active(of), 'XX', '1', name)
    await redis.del(`${keys.base(of)}:idle`)
    await sweep({ queue: of })
  }
  const ids = (await redis.hkeys('jobs')).map(toUuid)
  for (const of of QUEUES) if (isCancelled && ids.length > 0) await queue.control(of, 'cancel', ids)
  for (let i = 0; i < 2; i++) for (const of of isCancelled ? [] : QUEUES) await queue.purge(of, ['queued', 'blocked', 'scheduled', 'retrying', 'completed', 'failed', 'cancelled'])
  await forgetAll()
}

/** Nobody is there any more, and nothing is kept. */
async function forgetAll (): Promise<void> {
  await subscriber.unsubscribe()
  for (let round = 0; round < 6; round++) {
    for (const of of QUEUES) {
      await redis.del(`${keys.base(of)}:idle`)
      for (const name of ['w1', 'w2']) await redis.zadd(keys.active(of), 'XX', '1', name)
      await sweep({ queue: of, keep_completed: 0, keep_dead: 0, completed_ms: 0, dead_ms: 0 })
    }
  }
  const left = (await redis.keys('*')).filter(name => !/^(events|settings:versions|sweeps)$|:unique:/.test(name))
  assert.deepEqual(left, [], 'keys are left behind')
}

t.test(`limits, groups and what moves jobs (seed ${seed}, ${runs} runs)`, async t => {
  if (process.env.MODEL_RUNS) t.setTimeout(0)
  const happened: Record<string, number> = {}
  await fc.assert(fc.asyncProperty(steps, fc.constantFrom('work', 'cancel', 'purge'), async (history, end) => {
    await redis.flushall()
    await subscriber.unsubscribe()
    for (const of of QUEUES) for (const name of ['w1', 'w2']) await subscriber.subscribe(keys.held(of, name))
    subscriber.removeAllListeners('message')
    const run: Run = { ids: [], leases: new Map(), notes: new Map() }
    subscriber.on('message', (channel: string, text: string) => {
      const handed = Leases.handed(text)
      const me = QUEUES.flatMap(of => ['w1', 'w2'].map(name => [of, name] as const)).find(([of, name]) => keys.held(of, name) === channel)!.join(' ')
      if ('leased' in handed) run.leases.set(me, [...run.leases.get(me) ?? [], ...handed.leased])
    })
    let before: Seen | undefined
    for (const act of [...BEGIN, ...history]) {
      await act(run)
      await subscriber.ping()
      before = await judge(engine, before, happened)
    }
    await (end === 'work' ? workOff() : giveUp(end === 'cancel'))
  }), { numRuns: runs, seed, path: process.env.MODEL_PATH, endOnFailure: process.env.MODEL_PATH !== undefined })
  // Otherwise the histories would show nothing; what is rare happens in many of them only.
  const common = ['held', 'asleep', 'full', 'blocked', 'ties', 'parked', 'grouped']
  const rare = ['asleep for a rate']
  for (const what of [...runs >= 30 ? common : [], ...runs >= 300 ? rare : []]) t.ok(happened[what]! > 0, `${what}: ${happened[what]}`)
})
