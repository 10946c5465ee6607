import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import type { NewSchedule } from '../../src/contract/schemas.ts'
import { Keys } from '../../src/queue/keys.ts'
import { Schedules } from '../../src/queue/schedules.ts'
import { startEngine, until } from '../helper/engine.ts'
import { inStatus, startWorker } from '../helper/worker.ts'

const { server, redis } = await startEngine(t)
const schedules = new Schedules(redis, new Keys())

const NIGHTLY: NewSchedule = { cron: '0 3 * * *', timezone: 'Europe/Berlin', overlap: 'skip', job: { task: 'report', input: { days: 1 }, ttl_seconds: 60 } }
const declaring = (declared: Record<string, NewSchedule>): FastifyPluginAsync => async app => {
  app.handle('report', job => ({ input: job.input, schedule: job.schedule }))
  for (const [name, schedule] of Object.entries(declared)) app.schedule(name, schedule)
}

t.test('what the handlers declare is there when the worker has started, and fires', async t => {
  const app = await startWorker(t, server, declaring({ nightly: NIGHTLY, often: { every_seconds: 1, job: { task: 'report', input: [1] } } }))
  t.match(await schedules.get('nightly'), { timing: { cron: '0 3 * * *', timezone: 'Europe/Berlin' }, job: { task: 'report', ttl_ms: 60_000 }, input: '{"days":1}', missed: 'one', overlap: 'skip', paused: false })
  const { last_job_id, last_slot } = await until(async () => {
    const schedule = await schedules.get('often')
    return schedule?.last_job_id !== undefined && schedule
  })
  const job = await inStatus(app, last_job_id!, 'completed')
  t.same(JSON.parse(job.result!), { input: [1], schedule: { name: 'often', slot: new Date(last_slot!).toISOString() } })
})

t.test('declared again it stays as it is, with all that it has done', async t => {
  await Promise.all(Array.from({ length: 5 }, () => startWorker(t, server, declaring({ nightly: NIGHTLY }))))
  const before = await schedules.get('nightly')
  await schedules.pause('nightly')
  await startWorker(t, server, declaring({ nightly: NIGHTLY }))
  t.match(await schedules.get('nightly'), { version: before!.version, updated_at: before!.updated_at, paused: true }, 'paused as well')
  await startWorker(t, server, declaring({ nightly: { ...NIGHTLY, timezone: 'UTC' } }))
  t.match(await schedules.get('nightly'), { created_at: before!.created_at, timing: { timezone: 'UTC' }, paused: true })
  await startWorker(t, server, declaring({}))
  t.ok(await schedules.get('nightly'), 'what nobody declares any more stays')
})

t.test('what is wrong with a declaration stops the start', async t => {
  const bad: [NewSchedule, RegExp][] = [
    [{ cron: '61 * * * *', job: { task: 'x' } }, /app\.schedule\('s'\): cron is not a cron expression: Invalid value for minute/],
    [{ every_seconds: 0.5, job: { task: 'x' } }, /app\.schedule\('s'\): every_seconds must be/],
    [{ every_seconds: 1, job: { task: '' } }, /app\.schedule\('s'\): job\/task|app\.schedule\('s'\): job\.task/],
    [{ job: { task: 'x' } }, /cron must be given, or else every_seconds/]
  ]
  for (const [schedule, message] of bad) await t.rejects(startWorker(t, server, declaring({ s: schedule })), { message })
  await t.rejects(startWorker(t, server, declaring({ Capital: NIGHTLY })), { message: /the name must fit/ })
  await t.rejects(startWorker(t, server, async app => {
    app.schedule('s', NIGHTLY)
    app.schedule('s', NIGHTLY)
  }), { message: /it is declared already/ })
})
