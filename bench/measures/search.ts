import { Redis } from 'ioredis'
import { Finder } from '../../src/queue/finder.ts'
import { Keys } from '../../src/queue/keys.ts'
import { Queue } from '../../src/queue/queue.ts'
import type { Bench } from '../bench.ts'
import type { Figures, Measure } from '../measure.ts'

// What it takes to find jobs among a million, and what others feel of it.

const BACKLOG = 1_000_000

/** Asks Redis for an answer all the time until it is told to end; resolves to the longest that one took, ms. */
async function pings (redis: Redis, until: { done: boolean }): Promise<number> {
  let worst = 0
  while (!until.done) {
    const start = performance.now()
    await redis.ping()
    worst = Math.max(worst, performance.now() - start)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  return worst
}

async function timed (call: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await call()
  return performance.now() - start
}

async function search (bench: Bench): Promise<Figures> {
  await bench.run('engine', 'bulk', BACKLOG)
  const [redis, other] = [new Redis({ path: bench.socket }), new Redis({ path: bench.socket })]
  const keys = new Keys()
  const finder = new Finder(redis, keys, new Queue(redis, keys))
  await finder.find({}, { limit: 50 })
  await bench.watchScripts()
  const until = { done: false }
  const worst = pings(other, until)
  const newest = await timed(() => finder.find({}, { limit: 50 }))
  const text = await timed(() => finder.find({ q: 'no job has this text' }))
  const task = await timed(() => finder.find({ task: 'no job has this task' }))
  until.done = true
  const figures = { newest, text, task, longest: await bench.longestScript(), ping: await worst }
  redis.disconnect()
  other.disconnect()
  return figures
}

const measure: Measure = {
  name: 'search',
  long: true,
  contenders: ['engine'],
  maxRounds: 2,
  round: search,
  rows: [
    { measure: 'of 1,000,000 jobs: the newest 50', ours: ['engine', 'newest'], unit: 'ms', must: 50, aim: 10, less: true },
    { measure: 'a text that 10,000 of them do not have', ours: ['engine', 'text'], unit: 'ms', must: 1000, aim: 250, less: true },
    { measure: 'a task that 10,000 of them do not have', ours: ['engine', 'task'], unit: 'ms', must: 1000, aim: 250, less: true },
    { measure: 'longest script meanwhile', ours: ['engine', 'longest'], unit: 'ms', must: 10, aim: 5, less: true },
    { measure: 'longest PING meanwhile', ours: ['engine', 'ping'], unit: 'ms', must: 20, aim: 10, less: true }
  ]
}

export default [measure]
