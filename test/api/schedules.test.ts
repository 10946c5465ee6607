import t from 'tap'
import type { NewSchedule } from '../../src/contract/schemas.ts'
import { startApi } from '../helper/api.ts'
import { startEngine, until } from '../helper/engine.ts'

const { server, redis, queue, keys } = await startEngine(t)
const { client, send } = await startApi(t, server, { SWEEP_INTERVAL_MS: '60000' })

const of = (name: string) => ({ params: { path: { name } } })
const put = async (name: string, body: unknown) => await client.PUT('/schedules/{name}', { ...of(name), body: body as NewSchedule })
const NIGHTLY = { cron: '0 3 * * *', timezone: 'Europe/Berlin', job: { task: 'report', queue: 'reports' } }

t.test('created, read, replaced, deleted', async t => {
  const created = await put('nightly', NIGHTLY)
  t.equal(created.response.status, 201)
  t.match(created.data, { name: 'nightly', ...NIGHTLY, missed: 'one', overlap: 'allow', paused: false, fired: 0, skipped: 0 })
  t.strictSame(Object.keys(created.data!.job).sort(), ['queue', 'task'], 'the template is as it was sent')
  const { next_times, next_slot } = created.data!
  t.equal(next_times!.length, 5)
  t.equal(next_times![0], next_slot)
  t.ok(next_times!.every(time => new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin', timeStyle: 'medium' }).format(new Date(time)) === '03:00:00'))
  t.strictSame((await client.GET('/schedules/{name}', of('nightly'))).data, created.data)

  const same = await put('nightly', NIGHTLY)
  t.equal(same.response.status, 200)
  t.strictSame(same.data, created.data, 'the same again changes nothing')
  const replaced = await put('nightly', { every_seconds: 3600, start_at: '2030-01-01T00:30:00+01:00', end_at: '2030-01-01T03:00:00Z', missed: 'skip', overlap: 'skip', paused: true, job: { task: 'x', backoff: { delay_seconds: 2 }, ttl_seconds: 1.5, unique: { key: 'k' } } })
  t.equal(replaced.response.status, 200)
  t.match(replaced.data, { every_seconds: 3600, start_at: '2029-12-31T23:30:00.000Z', paused: true, missed: 'skip', job: { backoff: { delay_seconds: 2 }, ttl_seconds: 1.5 } })
  t.notOk('cron' in replaced.data! || 'timezone' in replaced.data! || 'next_slot' in replaced.data!)
  t.strictSame(replaced.data!.next_times, ['2029-12-31T23:30:00.000Z', '2030-01-01T00:30:00.000Z', '2030-01-01T01:30:00.000Z', '2030-01-01T02:30:00.000Z'])
  t.strictSame(replaced.data!.job.backoff, { delay_seconds: 2 }, 'what the queue will say is not said here')

  t.equal((await client.DELETE('/schedules/{name}', of('nightly'))).response.status, 204)
  t.match((await client.GET('/schedules/{name}', of('nightly'))).error, { detail: 'There is no schedule nightly' })
})

t.test('listed by name, in pages', async t => {
  for (const name of ['b', 'c', 'a']) await put(name, NIGHTLY)
  const first = await client.GET('/schedules', { params: { query: { limit: 2 } } })
  t.strictSame(first.data!.items.map(({ name }) => name), ['a', 'b'])
  t.notOk('next_times' in first.data!.items[0]!)
  const second = await client.GET('/schedules', { params: { query: { limit: 2, cursor: first.data!.next_cursor! } } })
  t.match(second.data, { items: [{ name: 'c' }], next_cursor: null })
})

t.test('a slot fires by itself, although the process looks only once a minute', async t => {
  const { data } = await put('often', { every_seconds: 1, job: { task: 'x', input: { a: 1 } } })
  const schedule = await until(async () => {
    const { data } = await client.GET('/schedules/{name}', of('often'))
    return data!.fired >= 2 && data
  })
  t.equal(schedule.skipped, 0)
  const job = (await client.GET('/jobs/{id}', { params: { path: { id: schedule.last_job_id! } } })).data!
  t.match(job, { status: 'queued', task: 'x', input: { a: 1 }, schedule: { name: 'often', slot: schedule.last_slot } })
  t.ok(Date.parse(job.created_at) >= Date.parse(job.schedule!.slot!))
  t.ok(Date.parse(data!.next_slot!) <= Date.parse(schedule.last_slot!))
  const metrics = await (await send({ url: '/metrics' })).text()
  t.match(metrics, /schedules_fired_total\{schedule="often"\} [1-9]/)
  t.match(metrics, /schedules_skipped_total\{schedule="often"\} 0/)
  t.match(metrics, /schedule_lag_seconds_count [1-9]/)
})

t.test('payloads come back byte for byte', async t => {
  const job = '{"task":"x","input":{"b":1.0, "a":12345678901234567890,"\\u0061":[ ]}}'
  const request = { method: 'PUT' as const, url: '/schedules/s', headers: { 'content-type': 'application/json' }, payload: `{"every_seconds":3600,"job":{"input":1},"job":${job}}` }
  t.match(await (await send(request)).text(), '"input":{"b":1.0, "a":12345678901234567890,"\\u0061":[ ]}')
  t.match(await (await send({ method: 'POST', url: '/schedules/s/run' })).text(), '"input":{"b":1.0, "a":12345678901234567890,"\\u0061":[ ]}')
})

t.test('paused and resumed', async t => {
  await put('s', { every_seconds: 3600, job: { task: 'x' } })
  const paused = (await client.POST('/schedules/{name}/pause', of('s'))).data!
  t.match(paused, { paused: true, next_slot: undefined, next_times: { length: 5 } })
  t.match((await put('s', { every_seconds: 60, job: { task: 'x' } })).data, { paused: true, next_slot: undefined })
  const resumed = (await client.POST('/schedules/{name}/resume', of('s'))).data!
  t.match(resumed, { paused: false, next_slot: String })
  t.strictSame((await client.POST('/schedules/{name}/resume', of('s'))).data, resumed)
})

t.test('run now: outside the slots, as a submit', async t => {
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'q' } }, body: { defaults: { max_attempts: 7 } } })
  const { data: schedule } = await put('s', { every_seconds: 3600, paused: true, overlap: 'skip', job: { task: 'x', queue: 'q' } })
  for (let i = 0; i < 2; i++) {
    const { data, response } = await client.POST('/schedules/{name}/run', of('s'))
    t.equal(response.status, 201)
    t.match(data, { status: 'queued', max_attempts: 7 })
    t.strictSame(data!.schedule, { name: 's' })
    t.equal(response.headers.get('location'), `/jobs/${data!.id}`)
    t.match(await queue.get(data!.id), { schedule: { name: 's' }, queue: 'q' })
  }
  t.strictSame((await client.GET('/schedules/{name}', of('s'))).data!.fired, schedule!.fired)
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'q' } }, body: { input_schemas: { x: { type: 'object' } } } })
  t.match((await client.POST('/schedules/{name}/run', of('s'))).error, { status: 400, errors: [{ path: '/job/input' }] })
  t.match((await put('other', { every_seconds: 3600, job: { task: 'x', queue: 'q', input: 5 } })).error, { status: 400, errors: [{ path: '/job/input', message: 'must be an object' }] })
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'q' } }, body: { input_schemas: null, max_length: 1 } })
  t.match((await client.POST('/schedules/{name}/run', of('s'))).error, { status: 429 })
})

t.test('an input that does not fit its queue any more skips the slot', async t => {
  await put('s', { every_seconds: 1, job: { task: 'x', queue: 'q', input: 5 } })
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'q' } }, body: { input_schemas: { x: { type: 'object' } } } })
  const { last_skip } = await until(async () => {
    const { data } = await client.GET('/schedules/{name}', of('s'))
    return data!.skipped > 0 && data
  })
  t.equal(last_skip!.reason, 'invalid_input')
})

const invalid: [body: object, path: string][] = [
  [{}, '/job'],
  [{ job: { task: 'x' } }, '/cron'],
  [{ cron: '* * * * *', every_seconds: 5, job: { task: 'x' } }, '/every_seconds'],
  [{ every_seconds: 5, timezone: 'UTC', job: { task: 'x' } }, '/timezone'],
  [{ cron: '* * * * *', timezone: 'Mars/Base', job: { task: 'x' } }, '/timezone'],
  [{ cron: '* * * * *', timezone: '+01:00', job: { task: 'x' } }, '/timezone'],
  ...['61 * * * *', '* * * *', '* * * * * * *', '@daily', 'a b c d e', '0 0 30 2 *', '*/0 * * * *', ''].map((cron): [object, string] => [{ cron, job: { task: 'x' } }, '/cron']),
  ...[0, 1.5, 31_536_001, '5', -1].map((every_seconds): [object, string] => [{ every_seconds, job: { task: 'x' } }, '/every_seconds']),
  [{ every_seconds: 5, start_at: 'soon', job: { task: 'x' } }, '/start_at'],
  [{ every_seconds: 5, start_at: '2030-01-01T00:00:00Z', end_at: '2030-01-01T00:00:00Z', job: { task: 'x' } }, '/end_at'],
  [{ every_seconds: 5, start_at: '+010000-01-01T00:00:00Z', job: { task: 'x' } }, '/start_at'],
  [{ every_seconds: 5, missed: 'all', job: { task: 'x' } }, '/missed'],
  [{ every_seconds: 5, overlap: 'no', job: { task: 'x' } }, '/overlap'],
  [{ every_seconds: 5, job: { task: 'x' }, other: 1 }, '/other'],
  [{ every_seconds: 5, job: { task: '' } }, '/job/task'],
  ...['run_at', 'delay_seconds', 'expires_at', 'depends_on', 'on_parent_failure'].map((name): [object, string] => [{ every_seconds: 5, job: { task: 'x', [name]: 5 } }, `/job/${name}`])
]

t.test('what is not valid names its field, and keeps nothing', async t => {
  for (const [body, path] of invalid) {
    const { error } = await put('s', body)
    t.match(error, { status: 400, errors: [{ path }] }, JSON.stringify(body))
  }
  for (const name of ['S', '-a', 'a'.repeat(65)]) t.match((await put(name, NIGHTLY)).error, { status: 400, errors: [{ path: '/path/name' }] })
  t.match((await put('s', { ...NIGHTLY, job: { task: 'x', input: 'x'.repeat(65_536) } })).error, { status: 413 })
  t.equal(await redis.exists(keys.schedules, keys.schedulesDue), 0)
})
