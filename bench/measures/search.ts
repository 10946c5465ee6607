import { Redis } from 'ioredis'
import { actOn } from '../../src/queue/act.ts'
import type { Action } from '../../src/queue/control.ts'
import { Finder } from '../../src/queue/finder.ts'
import type { JobFilter } from '../../src/queue/filter.ts'
import { Keys } from '../../src/queue/keys.ts'
import { Queue } from '../../src/queue/queue.ts'
import type { Bench } from '../bench.ts'
import type { Figures, Measure } from '../measure.ts'

// What it takes to find jobs among a million, or to do something to many of them, and what others feel of it.

const BACKLOG = 1_000_000
const ACTED_ON = 100_000

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

/** A million jobs, what finds them, and what others wait for meanwhile. */
async function among (bench: Bench, act: (finder: Finder, queue: Queue) => Promise<Figures>): Promise<Figures> {
  await bench.run('engine', 'bulk', BACKLOG)
  const [redis, other] = [new Redis({ path: bench.socket }), new Redis({ path: bench.socket })]
  const queue = new Queue(redis, new Keys())
  const finder = new Finder(redis, queue.keys, queue)
  await finder.find({}, { limit: 50 })
  await bench.watchScripts()
  const until = { done: false }
  const worst = pings(other, until)
  const figures = await act(finder, queue)
  until.done = true
  Object.assign(figures, { longest: await bench.longestScript(), ping: await worst })
  redis.disconnect()
  other.disconnect()
  return figures
}

async function search (finder: Finder): Promise<Figures> {
  return {
    newest: await timed(() => finder.find({}, { limit: 50 })),
    text: await timed(() => finder.find({ q: 'no job has this text' })),
    task: await timed(() => finder.find({ task: 'no job has this task' }))
  }
}

/** Jobs a second that an action is done to, found by a filter. */
async function acted (finder: Finder, queue: Queue, action: Action, filter: JobFilter): Promise<number> {
  const start = performance.now()
  let changed = 0
  for (let cursor: string | null | undefined; changed < ACTED_ON && cursor !== null;) {
    const step = await actOn(finder, queue, action, filter, { limit: 10_000, cursor })
    changed += step.changed
    cursor = step.next_cursor
  }
  if (changed !== ACTED_ON) throw new Error(`${action}: ${changed} jobs were changed`)
  return changed / (performance.now() - start) * 1000
}

async function actions (finder: Finder, queue: Queue): Promise<Figures> {
  const cancel = await acted(finder, queue, 'cancel', { status: ['queued'] })
  const retry = await acted(finder, queue, 'retry', { status: ['cancelled'] })
  await acted(finder, queue, 'cancel', { status: ['queued'] })
  return { cancel, retry, delete: await acted(finder, queue, 'delete', { status: ['cancelled'] }) }
}

const million: Pick<Measure, 'long' | 'contenders' | 'maxRounds'> = { long: true, contenders: ['engine'], maxRounds: 2 }

export default [
  {
    name: 'search',
    ...million,
    round: bench => among(bench, search),
    rows: [
      { measure: 'of 1,000,000 jobs: the newest 50', ours: ['engine', 'newest'], unit: 'ms', must: 50, aim: 10, less: true },
      { measure: 'a text that 10,000 of them do not have', ours: ['engine', 'text'], unit: 'ms', must: 1000, aim: 250, less: true },
      { measure: 'a task that 10,000 of them do not have', ours: ['engine', 'task'], unit: 'ms', must: 1000, aim: 250, less: true },
      { measure: 'longest script meanwhile', ours: ['engine', 'longest'], unit: 'ms', must: 10, aim: 5, less: true },
      { measure: 'longest PING meanwhile', ours: ['engine', 'ping'], unit: 'ms', must: 20, aim: 10, less: true }
    ]
  },
  {
    name: 'actions',
    ...million,
    round: bench => among(bench, actions),
    rows: [
      { measure: 'of 1,000,000 jobs: 100,000 cancelled', ours: ['engine', 'cancel'], unit: 'jobs/s' },
      { measure: '… run again', ours: ['engine', 'retry'], unit: 'jobs/s' },
      { measure: '… deleted', ours: ['engine', 'delete'], unit: 'jobs/s' },
      { measure: 'longest script meanwhile', ours: ['engine', 'longest'], unit: 'ms', must: 10, aim: 5, less: true },
      { measure: 'longest PING meanwhile', ours: ['engine', 'ping'], unit: 'ms', must: 20, aim: 10, less: true }
    ]
  }
] satisfies Measure[]
