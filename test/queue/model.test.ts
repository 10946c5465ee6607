import fc from 'fast-check'
import t from 'tap'
import { startEngine } from '../helper/engine.ts'
import * as commands from './reference-commands.ts'
import { Real, WORKERS } from './reference-real.ts'
import { TIMED_KEY } from './reference-check.ts'
import * as conditional from './reference-conditional.ts'
import { Model } from './reference-model.ts'

// Random histories of one queue, done to the real engine and to a model of it, compared after each step.
// MODEL_RUNS=2000 looks longer (with TAP_TIMEOUT=0); MODEL_SEED, MODEL_PATH and MODEL_REPLAY, which a failure prints, repeat one.
const runs = Number(process.env.MODEL_RUNS ?? 150)
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31)
const OPTIONS = { maxLost: 2, keepCompleted: 2 }

const worker = fc.constantFrom(...WORKERS)
const priority = fc.constantFrom('high' as const, 'normal' as const, 'low' as const)
const nth = fc.nat({ max: 40 })
const input = fc.constantFrom('null', '9007199254740993', '[]', '{"a":"\\u0000\u2028\ud83d\ude00/"}', '"a\x7fb"', '1e-400')
const submission = fc.record({
  priority,
  when: fc.constantFrom('now' as const, 'now' as const, 'now' as const, 'past' as const, 'later' as const),
  input,
  expires: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true))
})
const entry = fc.constantFrom(
  '{"task":"old"}', '{"task":"old","input":[]}', '{"input":1}', '', 'junk', '12', '[]', '\u0000\u0001', 'AZXk0000cAC0000000000A', '{"task":"t\\u2028","input":9007199254740993}')
const choice = fc.record({ kind: fc.constantFrom('complete' as const, 'retry' as const, 'dead' as const, 'put_off' as const, 'release' as const), own: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)), nth })

const submit = fc.array(submission, { minLength: 1, maxLength: 6 }).map(jobs => new commands.Submit(jobs))
const lease = fc.tuple(worker, fc.integer({ min: 1, max: 5 }), fc.boolean()).map(([name, max, park]) => new commands.Turn(name, [], max, park))
const turn = fc.tuple(worker, fc.array(choice, { minLength: 1, maxLength: 6 }), fc.nat({ max: 4 }), fc.boolean()).map(args => new commands.Turn(...args))
const expire = worker.map(name => new commands.Expire(name))
const sweep = fc.constant(new commands.Sweep())
const redrive = fc.oneof(
  fc.record({ limit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ nths: fc.array(nth, { minLength: 1, maxLength: 4 }), unknown: fc.boolean() })
).map(which => new commands.Redrive(which))

const control = fc.tuple(fc.constantFrom('cancel' as const, 'retry' as const, 'promote' as const, 'delete' as const), fc.array(nth, { minLength: 1, maxLength: 4 })).map(args => new commands.Control(...args))

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const edit = fc.tuple(nth, fc.record({ priority: maybe(priority), input: maybe(input), when: maybe(fc.constantFrom('now' as const, 'later' as const)) })).map(args => new commands.Edit(...args))

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const unique = fc.record({ key: fc.constantFrom('a', 'b'), until: fc.constantFrom('completed' as const, 'started' as const), on_conflict: fc.constantFrom('return' as const, 'replace' as const, 'reject' as const) })
const timed = fc.record({ key: fc.constant(TIMED_KEY), until: fc.constant(3600), on_conflict: fc.constantFrom('return' as const, 'replace' as const) })
const conditions = fc.tuple(submission, fc.record({ unique: sometimes(fc.oneof({ weight: 4, arbitrary: unique }, timed)), parents: fc.array(nth, { maxLength: 3 }), runsAnyway: fc.boolean(), callback: fc.boolean() })).map(([job, more]) => ({ ...job, ...more }))
const create = fc.array(conditions, { minLength: 1, maxLength: 4 }).map(jobs => new conditional.Create(jobs))
const status = fc.constantFrom('blocked' as const, 'queued' as const, 'scheduled' as const, 'retrying' as const, 'completed' as const, 'failed' as const, 'cancelled' as const)

// What moves jobs on comes more often.
const everything = [
  submit, submit, lease, lease, lease, turn, turn, turn, turn, expire, expire, expire, sweep, sweep, redrive, control, control, edit, edit, create, create, create,
  fc.boolean().map(on => new conditional.Pause(on)), fc.constant(new conditional.Pause(false)),
  fc.constantFrom(6, 12, Infinity, Infinity).map(max => new conditional.Limit(max)),
  nth.map(n => new conditional.Lapse(n)), nth.map(n => new conditional.Lapse(n)),
  status.map(of => new conditional.Purge(of)),
  fc.tuple(priority, entry).map(args => new commands.Push(...args)),
  worker.map(name => new commands.Heartbeat(name)),
  fc.tuple(worker, choice, fc.nat({ max: 100 })).map(args => new commands.Progress(...args)),
  nth.map(n => new commands.Due(n)),
  fc.integer({ min: 1, max: 3 }).map(limit => new commands.DeadLetters(limit)),
  fc.tuple(worker, fc.boolean()).map(args => new commands.Listen(...args)),
  nth.map(n => new commands.Read(n))
]

t.test(`the engine does what its model does (seed ${seed}, ${runs} runs)`, async t => {
  if (process.env.MODEL_RUNS) t.setTimeout(0)
  const total: Record<string, number> = {}
  const engine = await startEngine(t)
  const subscriber = await engine.connect()
  await fc.assert(fc.asyncProperty(fc.commands(everything, { maxCommands: 120, size: 'max', replayPath: process.env.MODEL_REPLAY }), async history => {
    await engine.redis.flushall()
    await subscriber.unsubscribe()
    const model = new Model(OPTIONS)
    await fc.asyncModelRun(() => ({ model, real: new Real(engine, subscriber, OPTIONS) }), history)
    const happened = { ...model.totals, ...model.counts, forgotten: model.in('forgotten').length }
    for (const [what, n] of Object.entries(happened)) total[what] = (total[what] ?? 0) + n
  }), { numRuns: runs, seed, path: process.env.MODEL_PATH, endOnFailure: process.env.MODEL_PATH !== undefined })
  // Otherwise the histories would show nothing.
  if (runs >= 150) for (const [what, n] of Object.entries(total)) t.ok(n > 0, `${what}: ${n}`)
})
