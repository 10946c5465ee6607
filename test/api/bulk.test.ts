import t from 'tap'
import { startApi } from '../helper/api.ts'
import { dump, startEngine } from '../helper/engine.ts'

const { server, redis, queue, key, worker } = await startEngine(t)
const { client, post } = await startApi(t, server)

const bulk = async (jobs: unknown) => {
  const response = await post('/jobs/bulk', JSON.stringify({ jobs }))
  return { status: response.status, body: await response.json() as { detail: string, errors: { path: string }[] } }
}

t.test('a thousand jobs are kept, in their order', async t => {
  const jobs = Array.from({ length: 1000 }, (_, i) => ({ task: `t${i}`, input: { i } }))
  const { data } = await client.POST('/jobs/bulk', { body: { jobs } })
  t.equal(data!.jobs.length, 1000)
  t.ok(data!.jobs.every(({ status }) => status === 'queued'))
  const { leased } = await worker().turn({ max: 1000 })
  t.same(leased.map(({ record }) => record.split('\n').at(-1)), jobs.map(({ input }) => JSON.stringify(input)))
  for (const i of [0, 499, 999]) t.match(await queue.get(data!.jobs[i]!.id), { task: `t${i}`, input: `{"i":${i}}` })
})

t.test('with all that a job can have, and its input byte for byte', async t => {
  const inputs = ['1.0', '{"a" : [1,\t"],{"], "b":"\\"}"}', '"\\u00e9é"', '[[],{}]', 'null', '-0', '12345678901234567890']
  const response = await post('/jobs/bulk', `{ "jobs" : [ ${inputs.map(input => `{"task":"x" , "input": ${input} ,"priority":"low","tags":["a"],"delay_seconds":60}`).join(' , ')} , {"task":"none"} ] }`)
  t.equal(response.status, 201)
  const { jobs } = await response.json() as { jobs: { id: string, status: string }[] }
  t.same(jobs.map(({ status }) => status), [...inputs.map(() => 'scheduled'), 'queued'])
  for (const [i, input] of [...inputs, 'null'].entries()) t.equal((await queue.get(jobs[i]!.id))!.input, input)
  t.match(await queue.get(jobs[0]!.id), { priority: 'low', tags: ['a'], status: 'scheduled' })
})

t.test('for several queues, at one moment', async t => {
  const { data } = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'a', queue: 'one' }, { task: 'b', queue: 'two' }, { task: 'c', queue: 'one' }, { task: 'd' }] } })
  const jobs = await Promise.all(data!.jobs.map(({ id }) => queue.get(id)))
  t.same(jobs.map(job => `${job!.task} ${job!.queue}`), ['a one', 'b two', 'c one', 'd default'])
  t.same((await queue.names()), ['default', 'one', 'two'])
})

t.test('one bad job refuses all, and the error says which', async t => {
  const before = await dump(redis)
  const good = { task: 'x' }
  for (const [jobs, path] of [
    [[good, { task: '' }], '/jobs/1/task'],
    [[good, good, {}], '/jobs/2/task'],
    [[{ task: 'x', nope: 1 }], '/jobs/0/nope'],
    [[good, null], '/jobs/1'],
    [[good, { task: 'x', backoff: { type: 'y' } }], '/jobs/1/backoff/type'],
    [[good, { task: 'x', run_at: '2030-01-01T00:00:00Z', delay_seconds: 1 }], '/jobs/1/run_at'],
    [[good, { task: 'x', run_at: '9999-12-31T23:59:59-01:00' }], '/jobs/1/run_at'],
    [[good, { task: 'x', input: '€'.repeat(350_000) }], '/jobs/1'],
    [[], '/jobs'],
    [Array(1001).fill(good), '/jobs'],
    ['x', '/jobs'],
    [undefined, '/jobs']
  ] as const) {
    const { status, body } = await bulk(jobs)
    t.equal(status, 400, path)
    t.equal(body.errors[0]!.path, path)
    t.match(body.detail, path.slice(1).replaceAll('/', '.'))
  }
  t.same(await dump(redis), before)
})

t.test('8 MiB are taken, one byte more is not', async t => {
  const body = (bytes: number) => {
    const jobs = JSON.stringify({ jobs: Array.from({ length: 8 }, () => ({ task: 'x', input: 'x'.repeat(1_048_000) })) })
    return jobs + ' '.repeat(bytes - jobs.length)
  }
  t.equal((await post('/jobs/bulk', body(8 * 1024 * 1024))).status, 201)
  t.equal((await post('/jobs/bulk', body(8 * 1024 * 1024 + 1))).status, 413)
})

t.test('a full Redis takes none, of one queue or of several', async t => {
  const before = await dump(redis)
  await redis.config('SET', 'maxmemory', '1mb')
  for (const queues of [['default', 'default'], ['default', 'one'], ['new', 'one', 'default']]) {
    t.match(await bulk(queues.map(queue => ({ task: 'x', queue }))), { status: 503, body: { type: 'urn:bellhop:problem:unavailable' } })
  }
  await redis.config('SET', 'maxmemory', '0')
  t.same(await dump(redis), before)
})

t.test('a Redis that has forgotten the scripts takes them', async t => {
  await redis.function('FLUSH')
  t.equal((await bulk([{ task: 'x' }, { task: 'x', queue: 'one' }])).status, 201)
  await redis.function('FLUSH')
  t.equal((await bulk([{ task: 'x' }, { task: 'x' }])).status, 201)
  t.equal(await redis.llen(key()), 3)
})
