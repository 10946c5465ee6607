import t from 'tap'
import { suggestWorkers } from '../../src/queue/scale.ts'
import { completed, dead, idleWorker, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, worker } = engine

/** As if it had been asked so much earlier. */
async function age (ms: number): Promise<void> {
  for (const [field, text] of Object.entries(await redis.hgetall(key(':pace')))) {
    const [at, ...totals] = text.split(' ')
    await redis.hset(key(':pace'), field, [Number(at) - ms, ...totals].join(' '))
  }
}

const near = (value: number | null, wanted: number) => value !== null && value > wanted * 0.9 && value <= wanted

t.test('how quickly jobs come and go', async t => {
  t.match(await queue.pace('default'), { queued: 0, arrival_rate: null, service_rate: null })
  t.equal(await redis.exists(key(':pace')), 0, 'nothing is left of a queue without jobs')
  await submitMany(engine, 100)
  t.match(await queue.pace('default'), { queued: 100, arrival_rate: null, service_rate: null }, 'nobody has asked before')
  await age(20_000)
  await submitMany(engine, 200)
  const w = worker()
  await w.turn({ settlements: completed(await w.turn({ max: 60 })) })
  await w.turn({ settlements: retried(await w.turn({ max: 30 })) })
  await w.turn({ settlements: dead(await w.turn({ max: 10 })) })
  const pace = await queue.pace('default')
  t.match(pace, { queued: 200, retrying: 30, active: 0 })
  t.ok(near(pace.arrival_rate, 10), `${pace.arrival_rate}`)
  t.ok(near(pace.service_rate, 5), `${pace.service_rate}`)
  await age(20_000)
  const later = await queue.pace('default')
  t.ok(near(later.arrival_rate, 5), 'since what was asked 40 s ago')
  await age(40_000)
  const last = await queue.pace('default')
  t.ok(near(last.arrival_rate, 0.0000001) || last.arrival_rate === 0, 'since what was asked 40 s ago, when all had come')
  t.ok((await redis.pttl(key(':pace'))) > 0, 'it expires')
})

t.test('a queue that was forgotten and has begun anew', async t => {
  await submitMany(engine, 100)
  await queue.pace('default')
  await age(10_000)
  await redis.hset(key(':stats'), 'submitted', 1)
  t.match(await queue.pace('default'), { arrival_rate: null })
})

t.test('how many workers', async t => {
  const sizing = { concurrency: 10, drain_seconds: 60 }
  const pace = { queued: 0, active: 0, paused: false, arrival_rate: null, service_rate: null }
  const suggested = (changes: Partial<Parameters<typeof suggestWorkers>[0]>, sizes = {}) => suggestWorkers({ ...pace, ...changes }, { ...sizing, ...sizes })
  t.equal(suggested({}), 0)
  t.equal(suggested({ queued: 1 }), 1)
  t.equal(suggested({ queued: 95, active: 6 }), 11, 'without rates a place for each job')
  t.equal(suggested({ queued: 1200, active: 40, arrival_rate: 10, service_rate: 20 }), 6, 'the example of the contract')
  t.equal(suggested({ queued: 1200, active: 40, arrival_rate: 10, service_rate: 20 }, { drain_seconds: 600 }), 3)
  t.equal(suggested({ queued: 0, active: 40, arrival_rate: 100, service_rate: 1 }), 4, 'never more than there are jobs for')
  t.equal(suggested({ queued: 1200, active: 40, arrival_rate: 10, service_rate: 20 }, { limit: 20 }), 4, 'nor than may run: 40 do already')
  t.equal(suggested({ queued: 1200, active: 5 }, { limit: 20 }), 2)
  const rate_limit = { limit: 60, period_seconds: 60 }
  t.equal(suggested({ queued: 1200 }, { rate_limit }), 6, 'of jobs that may start once a second 60 in a minute')
  t.equal(suggested({ queued: 1200 }, { rate_limit: { ...rate_limit, burst: 40 } }), 10)
  t.equal(suggested({ queued: 1200 }, { rate_limit: { limit: 1, period_seconds: 3600 } }), 1)
  t.equal(suggested({ queued: 1200, active: 40, arrival_rate: 10, service_rate: 2 }, { rate_limit }), 2, '20 s each, one a second')
  t.equal(suggested({ queued: 1200, active: 40, arrival_rate: 10, service_rate: 20 }, { rate_limit: { limit: 1000, period_seconds: 1 } }), 6, 'a limit that is not reached')
  t.equal(suggested({ queued: 1200, active: 15, paused: true, arrival_rate: 10, service_rate: 20 }), 1, 'what runs of a paused queue')
  t.equal(suggested({ queued: 1200, paused: true }), 0)
})

t.test('many queues and the live workers, with one call', async t => {
  const names = Array.from({ length: 150 }, (_, i) => `q${String(i).padStart(3, '0')}`)
  await Promise.all(names.map(async name => await queue.submit({ task: 'x', queue: name, group: name === 'q002' ? 'g' : undefined })))
  await queue.pause('q001')
  await idleWorker(engine, 'w1')
  await worker('w1', { queue: 'q003' }).turn({ max: 1 })
  await redis.config('RESETSTAT')
  const { queues } = await queue.census(names)
  const calls = /cmdstat_fcall:calls=(\d+)/.exec(await redis.info('commandstats'))
  t.equal(calls?.[1], '2', 'one for each hundred')
  t.same(queues.map(({ name }) => name), names)
  t.match(queues.slice(0, 4), [{ queued: 1, paused: false, totals: { submitted: 1 } }, { queued: 1, paused: true }, { queued: 1, oldest_waiting_ms: Number }, { queued: 0, active: 1, oldest_waiting_ms: null }])
  for (const name of names.slice(0, 4)) t.match(queues.find(one => one.name === name), { ...await queue.stats(name), oldest_waiting_ms: queues.find(one => one.name === name)!.oldest_waiting_ms }, `${name}, as it is by itself`)
})

t.test('of many large jobs the records are not read', async t => {
  const names = Array.from({ length: 60 }, (_, i) => `large${i}`)
  const input = JSON.stringify('x'.repeat(1_000_000))
  for (const name of names) await queue.submit({ task: 'x', queue: name, input })
  await redis.config('RESETSTAT')
  const { queues } = await queue.census(names)
  const reads = /cmdstat_hget:calls=(\d+)/.exec(await redis.info('commandstats'))
  t.ok(Number(reads![1]) <= 2, `${reads![1]} are`)
  for (const one of queues) {
    const { oldest_waiting_ms } = (await queue.stats(one.name))!
    t.ok(one.oldest_waiting_ms !== null && Math.abs(oldest_waiting_ms! - one.oldest_waiting_ms) < 60_000, 'as old as its id says')
  }
})
