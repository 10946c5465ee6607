import t from 'tap'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'

const { server, redis } = await startEngine(t)
const { client, post, send } = await startApi(t, server)

const BELL = '\u{1f6ce}'
const name64 = 'a'.repeat(64)
const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`)
const NO_TIMES = ['tomorrow', '2030-01-31', '2030-01-31T08:00:00', '2030-02-30T08:00:00Z', '2030-01-31T25:00:00Z', '2030-01-31T08:00:00+25:00', '']
const pairs = (count: number) => Object.fromEntries(words(count).map(word => [word, '']))

/** For each field: what is just within its limits, and what is not, with what the answer says and where. */
const fields: Record<string, { good: unknown[], bad: [value: unknown, message: RegExp, path?: string][] }> = {
  task: {
    good: ['x', ' ', BELL.repeat(256), '__proto__', '\ud800'],
    bad: [['', /at least 1 character$/], [BELL.repeat(257), /at most 256 characters$/], [5, /a string$/], [null, /a string$/], [['x'], /a string$/]]
  },
  type: {
    good: ['0', name64, 'a._-'],
    bad: [['', /pattern/], [name64 + 'a', /pattern/], ['Task', /pattern/], ['-a', /pattern/], ['a b', /pattern/], ['a\n', /pattern/], ['é', /pattern/], [1, /a string$/]]
  },
  queue: {
    good: ['0', name64, 'default', 'constructor'],
    bad: [['', /pattern/], [name64 + 'a', /pattern/], ['default:high', /pattern/], ['../x', /pattern/], ['Q', /pattern/], ['a\n', /pattern/], ['a\0', /pattern/], [null, /a string$/]]
  },
  priority: {
    good: ['high', 'normal', 'low'],
    bad: [['urgent', /one of high, normal, low$/], ['HIGH', /one of high, normal, low$/], ['', /one of/], [1, /one of|a string/], [null, /one of|a string/]]
  },
  max_attempts: {
    good: [1, 100],
    bad: [[0, />= 1$/], [101, /<= 100$/], [1.5, /an integer$/], ['3', /an integer$/], [null, /an integer$/], [true, /an integer$/]]
  },
  backoff: {
    good: [
      { type: 'exponential', delay_seconds: 0, max_delay_seconds: 0, jitter: 0 },
      { type: 'fixed', delay_seconds: 86400, max_delay_seconds: 604800, jitter: 1 }
    ],
    bad: [
      ['fixed', /an object$/], [[], /an object$/], [{ type: 'linear' }, /one of exponential, fixed$/, '/type'], [{ delay_seconds: -0.001 }, />= 0$/, '/delay_seconds'],
      [{ delay_seconds: 86400.001 }, /<= 86400$/, '/delay_seconds'], [{ delay_seconds: '5' }, /a number$/, '/delay_seconds'], [{ max_delay_seconds: -1 }, />= 0$/, '/max_delay_seconds'],
      [{ max_delay_seconds: 604801 }, /<= 604800$/, '/max_delay_seconds'], [{ jitter: -0.1 }, />= 0$/, '/jitter'], [{ jitter: 1.1 }, /<= 1$/, '/jitter'],
      [{ factor: 2 }, /not a known field$/, '/factor'], [{ 'a/b~': 2 }, /not a known field$/, '/a~1b~0']
    ]
  },
  timeout_seconds: { good: [1, 604800], bad: [[0, />= 1$/], [604801, /<= 604800$/], [1.5, /an integer$/], ['60', /an integer$/]] },
  delay_seconds: { good: [], bad: [[-0.001, />= 0$/], [31536000.001, /<= 31536000$/], ['5', /a number$/], [null, /a number$/]] },
  run_at: {
    good: [],
    bad: [
      ...NO_TIMES.map(time => [time, /date and time with its zone/] as [string, RegExp]),
      [1893456000, /a string$/], [null, /a string$/]
    ]
  },
  expires_at: {
    good: [],
    bad: [
      ...NO_TIMES.map(time => [time, /date and time with its zone/] as [string, RegExp]),
      [1893456000, /a string$/], [null, /a string$/]
    ]
  },
  ttl_seconds: { good: [], bad: [[-0.001, />= 0$/], [31536000.001, /<= 31536000$/], ['5', /a number$/], [null, /a number$/]] },
  tags: {
    good: [[], words(20), ['x', name64, BELL.repeat(64)]],
    bad: [[words(21), /at most 20 items$/], [['a', 'a'], /duplicate/], [[''], /at least 1 character$/, '/0'], [['a', name64 + 'a'], /at most 64 characters$/, '/1'], [[5], /a string$/, '/0'], ['a', /an array$/]]
  },
  metadata: {
    good: [{}, pairs(32), { [BELL.repeat(64)]: BELL.repeat(512) }, { constructor: 'x', toString: '' }],
    bad: [
      [pairs(33), /at most 32 fields$/], [{ '': 'x' }, /./], [{ [name64 + 'a']: 'x' }, /./], [{ k: 'v'.repeat(513) }, /at most 512 characters$/, '/k'], [{ k: 5 }, /a string$/, '/k'],
      [{ k: null }, /a string$/, '/k'], [[], /an object$/], ['x', /an object$/]
    ]
  },
  nope: { good: [], bad: [[1, /not a known field$/]] },
  id: { good: [], bad: [['01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61', /not a known field$/]] }
}

for (const [field, { good, bad }] of Object.entries(fields)) {
  t.test(field, async t => {
    for (const value of good) {
      const shown = JSON.stringify(value).slice(0, 60)
      const created = await post('/jobs', JSON.stringify({ task: 'x', [field]: value }))
      t.equal(created.status, 201, shown)
      const job = await created.json() as { id: string, [field: string]: unknown }
      t.same(job[field], value)
      const { waiting_for, ...read } = await (await send({ url: `/jobs/${job.id}` })).json() as { waiting_for?: object[] }
      t.same(read, job)
      t.ok(waiting_for!.length > 0)
      t.equal((await post('/submit', JSON.stringify({ task: 'x', [field]: value }))).status, 202, shown)
    }
    await redis.flushall()
    for (const [value, message, under = ''] of bad) {
      const shown = JSON.stringify(value).slice(0, 60)
      const body = JSON.stringify({ task: 'x', [field]: value })
      const path = `/${field}${under}`
      const refused = await post('/jobs', body)
      t.equal(refused.status, 400, shown)
      const { type, errors } = await refused.json() as { type: string, errors: { path: string, message: string }[] }
      t.equal(type, 'urn:bellhop:problem:validation')
      t.ok(errors.some(error => error.path === path && message.test(error.message)), `${shown}: ${JSON.stringify(errors)}`)
      const submitted = await post('/submit', body)
      t.equal(submitted.status, 400, shown)
      const { error } = await submitted.json() as { error: string }
      t.ok(error.startsWith(path.slice(1).replace('/', '.').replace('~1', '/').replace('~0', '~')), error)
    }
    t.equal(await redis.exists('jobs', 'job_queue', 'job_queue:scheduled', 'queues'), 0, 'nothing is kept of what was refused')
  })
}

t.test('input may be anything, even nothing', async t => {
  for (const body of [{ task: 'x' }, { task: 'x', input: null }]) t.equal((await client.POST('/jobs', { body })).data!.input, null)
  for (const input of [false, 0, '', [], {}, [null]]) t.same((await client.POST('/jobs', { body: { task: 'x', input } })).data!.input, input)
})

t.test('when: at the limits of delay_seconds and run_at', async t => {
  const create = async (when: object) => {
    const { id } = (await client.POST('/jobs', { body: { task: 'x', ...when } })).data!
    return (await client.GET('/jobs/{id}', { params: { path: { id } } })).data!
  }
  for (const [delay_seconds, ms] of [[31_536_000, 31_536_000_000], [0.001, 1]] as const) {
    const { data } = await client.POST('/jobs', { body: { task: 'x', delay_seconds } })
    t.match(data, { status: 'scheduled' })
    t.equal(Date.parse(data!.run_at!) - Date.parse(data!.created_at), ms)
  }
  for (const [run_at, utc] of [
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'], ['2030-01-31t08:00:00z', '2030-01-31T08:00:00.000Z'], ['2030-01-31T08:00:00.123456789-12:30', '2030-01-31T20:30:00.123Z']
  ] as const) t.match(await create({ run_at }), { status: 'scheduled', run_at: utc }, run_at)
  for (const when of [{ delay_seconds: 0 }, { run_at: '1970-01-01T00:00:00Z' }, { run_at: '0001-01-01T00:00:00Z' }]) t.match(await create(when), { status: 'queued', run_at: undefined }, JSON.stringify(when))
})

t.test('when a job expires', async t => {
  const { data } = await client.POST('/jobs', { body: { task: 'x', ttl_seconds: 0.5 } })
  t.equal(Date.parse(data!.expires_at!) - Date.parse(data!.created_at), 500)
  t.match((await client.POST('/jobs', { body: { task: 'x', expires_at: '2030-01-31T08:00:00+01:00' } })).data, { expires_at: '2030-01-31T07:00:00.000Z' })
  const { error } = await client.POST('/jobs', { body: { task: 'x', ttl_seconds: 1, expires_at: '2030-01-31T08:00:00Z' } })
  t.match(error, { errors: [{ path: '/expires_at', message: 'must not be given together with ttl_seconds' }] })
})

t.test('what is left out of backoff has its default', async t => {
  const backoff = { type: 'exponential', delay_seconds: 5, max_delay_seconds: 3600, jitter: 0.2 }
  for (const given of [{}, { delay_seconds: 7 }, { type: 'fixed' as const }, { jitter: 0 }, { max_delay_seconds: 1 }]) {
    const { data } = await client.POST('/jobs', { body: { task: 'x', backoff: given } })
    t.same(data!.backoff, { ...backoff, ...given })
    t.same((await client.GET('/jobs/{id}', { params: { path: { id: data!.id } } })).data!.backoff, { ...backoff, ...given })
  }
})

t.test('all that is wrong is said at once, twenty things at most', async t => {
  const { error } = await client.POST('/jobs', { body: { task: '', priority: 'x' as 'low', backoff: { jitter: 2 }, max_attempts: 0 } })
  t.same(error!.errors!.map(({ path }) => path).sort(), ['/backoff/jitter', '/max_attempts', '/priority', '/task'])
  t.match(error!.detail, /max_attempts must be >= 1/)
  t.equal((await client.POST('/jobs', { body: { task: 'x', ...pairs(50) } })).error!.errors!.length, 20)
  t.match(await client.POST('/jobs', { body: {} as { task: string } }), { error: { errors: [{ path: '/task', message: 'is required' }] } })
  for (const body of ['[]', 'null', '"x"', '5', '']) {
    t.match(await (await post('/jobs', body)).json(), { type: 'urn:bellhop:problem:validation', status: 400, errors: [{ path: '' }] }, body)
  }
})
