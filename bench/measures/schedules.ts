import { Firing } from '../../src/queue/firing.ts'
import { Keys } from '../../src/queue/keys.ts'
import { MAX_SCHEDULES, Schedules } from '../../src/queue/schedules.ts'
import type { Bench } from '../bench.ts'
import type { Measure } from '../measure.ts'

// How fast schedules fire whose slots are at the same second, and what others cost that have none then: also ten times as many as there may be.

const TOGETHER = 10 // as plugins/schedules.ts
const LOOKS = 1000
const HOUR_MS = 3_600_000

/** So many schedules; the first `due` of them have a slot that has just come. */
async function put (bench: Bench, keys: Keys, schedules: Schedules, count: number, due: number): Promise<void> {
  const timing = { every_seconds: 3600, start_at: await schedules.now() - 1000 }
  for (let i = 0; i < due; i++) await schedules.put(`s${i}`, { timing, job: { task: 'x' }, input: '{"n":1}' })
  const call = bench.redis.pipeline()
  for (let i = 0; i < due; i++) call.hset(keys.schedule(`s${i}`), 'next', timing.start_at).zadd(keys.schedulesDue, timing.start_at, `s${i}`)
  for (let i = due; i < count; i++) {
    call.copy(keys.schedule('s0'), keys.schedule(`s${i}`)).hset(keys.schedule(`s${i}`), 'next', timing.start_at + HOUR_MS)
    call.sadd(keys.schedules, `s${i}`).zadd(keys.schedulesDue, timing.start_at + HOUR_MS, `s${i}`)
  }
  await call.exec()
}

const schedules: Measure = {
  name: 'schedules',
  contenders: ['1,000', '10,000'],
  maxRounds: 3,
  async round (bench, contender) {
    const keys = new Keys()
    const store = new Schedules(bench.redis, keys)
    const firing = new Firing(bench.redis, keys, store, () => true)
    await put(bench, keys, store, Number(contender.replace(',', '')), MAX_SCHEDULES)
    let fired = 0
    let start = performance.now()
    for (let { given } = await firing.due(); given.length > 0; { given } = await firing.due()) {
      for (let i = 0; i < given.length; i += TOGETHER) {
        for (const slots of await Promise.all(given.slice(i, i + TOGETHER).map(due => firing.fire(due)))) fired += slots.filter(({ job }) => job).length
      }
    }
    const rate = fired / (performance.now() - start) * 1000
    if (fired !== MAX_SCHEDULES) throw new Error(`${fired} slots made a job`)
    start = performance.now()
    for (let i = 0; i < LOOKS; i++) await firing.due()
    return { rate, look_us: (performance.now() - start) / LOOKS * 1000 }
  },
  rows: [
    { measure: '1,000 schedules fire at one second, one process', ours: ['1,000', 'rate'], unit: 'slots/s', must: 1000 },
    { measure: 'the same, with 9,000 others', ours: ['10,000', 'rate'], versus: '1,000', unit: 'slots/s', must: 0.8 },
    { measure: 'a look that finds none due, of 10,000 schedules', ours: ['10,000', 'look_us'], versus: '1,000', unit: 'µs', must: 1.25, less: true }
  ]
}

export default [schedules]
