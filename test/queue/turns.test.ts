import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { AsyncCommand } from 'fast-check'
import t from 'tap'
import type { Leased } from '../../src/queue/lease.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { SettingsStore } from '../../src/queue/settings.ts'
import { expire, startEngine } from '../helper/engine.ts'
import { TurnsModel } from './turns-model.ts'
import type { TurnJob, TurnLimits } from './turns-model.ts'

// Random histories of one queue with groups and limits, done to the engine and to a model of turns. MODEL_RUNS and MODEL_SEED as for the
// model of the rest.
const runs = Number(process.env.MODEL_RUNS ?? 60)
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31)
const engine = await startEngine(t)
const { redis, key, queue, worker, sweep } = engine

/** Leases by task. */
interface Real { leases: Map<string, Leased>, tasks: number }
type Command = AsyncCommand<TurnsModel, Real>

const taskOf = ({ id, record }: Leased) => decodeRecord(id, record).task
const tasksOf = (jobs: TurnJob[] = []) => jobs.map(({ task }) => task)

/** Jobs that share a token are leased next to each other: those that were never lost do. */
function byToken (jobs: TurnJob[]): TurnJob[] {
  const tokens = [...new Set(jobs.map(({ lost }) => lost))]
  return tokens.flatMap(lost => jobs.filter(job => job.lost === lost))
}

async function verify (model: TurnsModel): Promise<void> {
  const idsOf = new Map<string, string>()
  for (const [id, record] of Object.entries(await redis.hgetall('jobs'))) idsOf.set(id, decodeRecord(id, record).task)
  for (const [group, jobs] of model.lists) {
    const list = await redis.lrange(group === '' ? key() : key(`:group:n:${group}`), 0, -1)
    assert.deepEqual(list.map(id => idsOf.get(id)), tasksOf(jobs), `the jobs of ${group}`)
  }
  const ring = (await redis.lrange(key(':turns:n'), 0, -1)).map(member => member === '-' ? '-' : `${idsOf.get(member.slice(0, 22))}${member.slice(22)}`)
  assert.deepEqual(ring, model.ring.map(({ group, job, cameBack }) => group === '' ? '-' : `${job!.task}${cameBack ? '!' : '@'}${group}`), 'turns')
  assert.deepEqual((await redis.smembers(key(':heads:n'))).sort(), [...model.heads].sort(), 'who takes part')
  assert.deepEqual((await redis.zrange(key(':asleep'), '0', '-1')).sort(), [...model.asleep].map(group => `n${group}`).sort(), 'asleep')
  const stats = (await queue.stats('default'))!
  assert.deepEqual([stats.queued, stats.active], [model.ready, model.held.length])
  const { concurrency, group_concurrency, group_overrides } = model.limits
  if (concurrency) {
    assert(model.held.length <= concurrency)
    assert.equal(Number(await redis.hget(key(':limits'), 'running') ?? 0), model.held.length, 'what is counted')
  }
  if (group_concurrency || group_overrides) {
    const running = Object.fromEntries(Object.entries(await redis.hgetall(key(':running'))).map(([group, count]) => [group, Number(count)]))
    assert.deepEqual(running, model.running, 'what is counted of groups')
    for (const [group, count] of Object.entries(running)) assert(count <= (group_overrides?.[group]?.concurrency ?? group_concurrency ?? Infinity), `${count} of ${group}`)
  }
}

function command (name: string, run: (model: TurnsModel, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    async run (model, real) {
      await run(model, real)
      await verify(model)
    },
    toString: () => name
  }
}

const submit = fc.array(fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 12 }).map(groups => command(`submit ${groups.join()}`, async (model, real) => {
  const jobs = groups.map((group): TurnJob => ({ task: `${group}${real.tasks++}`, group, lost: 0 }))
  await queue.submitAll(jobs.map(({ task, group }) => ({ task, ...(group !== '' && { group }) })))
  model.submit(jobs)
}))

const who = fc.constantFrom('w1', 'w2')
const lease = fc.tuple(who, fc.integer({ min: 1, max: 12 })).map(([name, max]) => command(`${name} leases ${max}`, async (model, real) => {
  const { leased } = await worker(name).turn({ max })
  assert.deepEqual(leased.map(taskOf), tasksOf(byToken(model.take(name, max))), 'leased others, or in another order')
  for (const one of leased) real.leases.set(taskOf(one), one)
}))

const settle = fc.tuple(who, fc.constantFrom('complete' as const, 'release' as const), fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 5 })).map(([name, kind, nths]) => command(`${name} ${kind}s ${nths}`, async (model, real) => {
  const held = model.held.filter(job => job.worker === name)
  // In the order in which the engine sees them: completions are sent token by token.
  const jobs = byToken([...new Set(nths.flatMap(nth => held[nth % held.length] ?? []))])
  const tokens = [...new Set(jobs.map(({ task }) => real.leases.get(task)!.token))]
  const inOrder = kind === 'release' ? jobs : tokens.flatMap(token => jobs.filter(({ task }) => real.leases.get(task)!.token === token))
  const settlements = inOrder.map(({ task }) => ({ ...real.leases.get(task)!, ...(kind === 'complete' ? { kind, result: '' } : { kind }) }))
  const { settled } = await worker(name).turn({ settlements })
  assert(settled.every(Boolean))
  model[kind](inOrder)
}))

const lose = who.map(name => command(`${name} is lost`, async model => {
  await expire(engine, name)
  await sweep({ max_lost: 1000 })
  model.lose(name)
}))

const limits = fc.record({
  concurrency: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  group_concurrency: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  group_overrides: fc.option(fc.record({ a: fc.record({ concurrency: fc.integer({ min: 1, max: 4 }) }) }), { nil: undefined })
})

t.test(`groups take their turns as the model says (seed ${seed}, ${runs} runs)`, async t => {
  if (process.env.MODEL_RUNS) t.setTimeout(0)
  const total: Record<string, number> = {}
  await fc.assert(fc.asyncProperty(limits, fc.commands([submit, submit, lease, lease, lease, settle, settle, settle, lose], { maxCommands: 80, size: 'max' }), async (set: TurnLimits, history) => {
    await redis.flushall()
    const chosen = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) as TurnLimits
    await new SettingsStore(redis, engine.keys).change('default', () => chosen)
    const model = new TurnsModel(chosen)
    await fc.asyncModelRun(() => ({ model, real: { leases: new Map(), tasks: 0 } }), history)
    for (const [what, n] of Object.entries(model.counts)) total[what] = (total[what] ?? 0) + n
  }), { numRuns: runs, seed })
  if (runs >= 60) for (const [what, n] of Object.entries(total)) t.ok(n > 0, `${what}: ${n}`)
})
