import fc from 'fast-check'
import t from 'tap'
import { Finder } from '../../src/queue/finder.ts'
import type { Search } from '../../src/queue/finder.ts'
import type { JobFilter } from '../../src/queue/filter.ts'
import { journalText } from '../../src/queue/journal.ts'
import { run } from '../../src/queue/scripts.ts'
import { completed, dead, dump, expire, makeDue, released, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, keys, key, worker, sweep } = engine
const finder = new Finder(redis, keys, queue)

/** The ids of all pages. `between` is done after each page. */
async function all (filter: JobFilter, search: Search = {}, between?: (page: number) => Promise<unknown>): Promise<string[]> {
  const ids: string[] = []
  let cursor = search.cursor
  for (let page = 0; ; page++) {
    const { items, next_cursor } = await finder.find(filter, { ...search, cursor })
    ids.push(...items.map(({ id }) => id))
    if (next_cursor === null) return ids
    cursor = next_cursor
    await between?.(page)
  }
}

/** So many jobs, by calls of these sizes, and their ids in the order of submission. */
async function submit (...sizes: number[]): Promise<string[]> {
  const ids: string[] = []
  for (const size of sizes) ids.push(...(await submitMany(engine, size)).map(({ id }) => id))
  return ids
}

async function complete (max: number): Promise<void> {
  await worker().turn({ settlements: completed(await worker().turn({ max })) })
}

const notedIds = async (): Promise<number> => {
  let count = 0
  for (const suffix of [':journal:swept', ':journal']) {
    for (const [, [kind, text]] of await redis.xrange(key(suffix), '-', '+') as [string, [string, string]][]) {
      count += kind === 'k' ? text.length / 25 : text.split('.').reduce((sum, group) => sum + (group.length - 8) / 14, 0)
    }
  }
  return count
}

t.test('ids as they are kept: each time once', async t => {
  const id = (time: string, rest: string) => time.padEnd(8, '_') + rest.padEnd(14, '-')
  t.equal(journalText([id('a', '1')]), id('a', '1'))
  t.equal(journalText([id('a', '1'), id('a', '2'), id('b', '3'), id('a', '4')]), `${id('a', '1')}${'2'.padEnd(14, '-')}.${id('b', '3')}.${id('a', '4')}`)
})

t.test('jobs in the order of their submission, and backwards, whatever the size of calls and pages', async t => {
  const ids = await submit(1, 1, 3, 1000, 1, 250, 1, 1)
  for (const limit of [1000, 200, 150, 7]) {
    t.same(await all({}, { order: 'oldest', limit }), ids, `oldest, ${limit}`)
    t.same(await all({}, { limit }), ids.toReversed(), `newest, ${limit}`)
  }
})

t.test('of one call: in its order, not by priority or delay', async t => {
  const specs = ['low', 'high', 'normal', 'high'].map((priority, i) => ({ task: 'x', priority: priority as 'low', ...(i % 2 && { delay_ms: 1000 }) }))
  const jobs = await queue.submitAll(specs)
  t.same(await all({}, { order: 'oldest' }), jobs.map(({ id }) => id))
})

t.test('nothing', async t => {
  t.same(await finder.find({}), { items: [], next_cursor: null, searched: 0 })
})

t.test('the last page says that it is', async t => {
  await submit(3, 3)
  for (const order of ['newest', 'oldest'] as const) {
    const first = await finder.find({}, { limit: 3, order })
    t.equal((await finder.find({}, { limit: 3, order, cursor: first.next_cursor! })).next_cursor, null)
    t.equal((await finder.find({}, { limit: 6, order })).next_cursor, null)
  }
})

t.test('what somebody pushed past us is there once a worker has taken it', async t => {
  const [first] = await submit(1)
  for (const task of ['a', 'b', 'c']) await redis.rpush(key(), JSON.stringify({ task }))
  t.same(await all({}), [first])
  await worker().turn({ max: 4 })
  const { items } = await finder.find({}, { order: 'oldest' })
  t.same(items.map(({ task, status }) => `${task} ${status}`), ['x active', 'a active', 'b active', 'c active'])
})

t.test('the journal is kept small as jobs are forgotten, and nothing moves in it', async t => {
  const long = (await submitMany(engine, 40, { delay_ms: 1e9 })).map(({ id }) => id)
  const kept: string[] = []
  for (let round = 0; round < 8; round++) {
    await submit(...Array.from({ length: 5 }, () => 200), ...Array.from({ length: 20 }, () => 1))
    // Of one call, and so in one entry.
    const mixed = await queue.submitAll(Array.from({ length: 80 }, (_, i) => ({ task: 'x', ...(i % 9 === 0 && { delay_ms: 1e9 }) })))
    kept.push(...mixed.filter(({ status }) => status === 'scheduled').map(({ id }) => id))
    await complete(1000)
    await complete(1000)
    const half = await finder.find({}, { order: 'oldest', limit: 20 })
    // At most 1,000 a sweep.
    for (let i = 0; i < 2; i++) await sweep({ keep_completed: 0 })
    t.same(await all({}, { order: 'oldest', limit: 7 }), [...long, ...kept])
    t.same(await all({}, { limit: 7 }), [...long, ...kept].toReversed())
    t.same(await all({}, { order: 'oldest', cursor: half.next_cursor! }), [...long, ...kept].slice(20), 'a cursor holds')
    t.ok(await notedIds() <= 1000 + 4 * (long.length + kept.length) + 1100, `${await notedIds()} ids are noted`)
  }
  t.equal(await redis.exists(key(':journal:swept')), 0, 'no pass is left unfinished')
  t.match(await redis.hgetall(key(':stats')), { journal_gone: `${8 * 1100 + 40 - await notedIds()}` })
})

t.test('a pass that is under way: steps of at most 1,000 ids, and everything is found before and behind', async t => {
  await submit(...Array.from({ length: 300 }, () => 10))
  for (let i = 0; i < 3; i++) await complete(1000)
  const ids = (await submitMany(engine, 300, { delay_ms: 1e9 })).map(({ id }) => id)
  await redis.ltrim(key(':completed'), 2999, -1)
  const [last] = await redis.lrange(key(':completed'), 0, -1)
  await redis.hset(key(':stats'), 'completed', 1)
  const gone = (await redis.hkeys('outcomes')).filter(id => id !== last)
  for (let i = 0; i < gone.length; i += 1000) await redis.hdel('jobs', ...gone.slice(i, i + 1000))
  const before = await all({}, { order: 'oldest' })
  t.same(before.slice(1), ids)
  for (let step = 0; step < 2; step++) await run(redis, 'sweep', keys.of('default'), ['default', 0, 3, 1e9, 1e9, 1e6, 1e6])
  t.match(await redis.hgetall(key(':stats')), { journal_kept: '0' })
  t.equal(await redis.xlen(key(':journal')), 101, 'two steps of 100 entries')
  t.same(await all({}, { order: 'oldest', limit: 30 }, () => sweep({ completed_ms: 1e9 })), before)
  t.same(await all({}, { limit: 30 }), before.toReversed())
  t.equal(await redis.exists(key(':journal:swept')), 0)
  t.equal(await notedIds(), 301)
})

t.test('parents that only their children keep: one pass, and another one when they are gone', async t => {
  const parents = await submit(3000)
  for (let i = 0; i < 3000; i += 100) await queue.submit({ task: 'child', queue: 'other', depends_on: parents.slice(i, i + 100), delay_ms: 1e9 })
  for (let i = 0; i < 3; i++) await complete(1000)
  await submitMany(engine, 1, { delay_ms: 1e9 })
  const passes = async () => {
    await redis.config('RESETSTAT')
    for (let i = 0; i < 3; i++) await sweep({ keep_completed: 0 })
    return /cmdstat_xadd:/.test(await redis.info('commandstats'))
  }
  t.equal(await passes(), true)
  t.equal(await redis.hlen('parents'), 3000)
  t.equal(await passes(), false, 'it found what it found')
  t.equal(await notedIds(), 3001)
  const { items } = await finder.find({}, { limit: 1 })
  t.equal(items[0]!.status, 'scheduled')
  await queue.purge('other', ['scheduled'])
  for (let i = 0; i < 10; i++) await sweep({ queue: 'other', keep_completed: 0 })
  t.equal(await redis.exists('parents', 'settling'), 0)
  // As many ids again as there were, and all of them are gone.
  for (let i = 0; i < 8; i++) {
    await submit(1000)
    await complete(1000)
    await sweep({ keep_completed: 0 })
  }
  await sweep({ keep_completed: 0 })
  t.ok(await notedIds() <= 1100, `${await notedIds()} ids are noted`)
  t.match(await redis.hgetall(key(':stats')), { journal_uncounted: '0' })
})

t.test('a queue of which nothing is left is forgotten with its journal', async t => {
  await submit(30)
  await complete(30)
  await expire(engine)
  await sweep({ keep_completed: 0 })
  t.same(await redis.keys('*journal*'), [])
})

t.test('reading changes nothing', async t => {
  await submit(30)
  await complete(10)
  await worker().turn({ settlements: dead(await worker().turn({ max: 5 })) })
  const before = await dump(redis)
  for (const status of ['completed', 'failed', 'active', 'scheduled', 'queued'] as const) await all({ status: [status] }, { limit: 3 })
  t.same(await dump(redis), before)
})

// Pages while everything that can happen to jobs happens between them: none that is there all the time is missed, none shown twice.
t.test('pages give each job that stays exactly once', async () => {
  const happening = fc.constantFrom('submit', 'complete', 'retry', 'bury', 'release', 'promote', 'redrive', 'cancel', 'again', 'delete', 'forget', 'push')
  const history = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
    order: fc.constantFrom('newest' as const, 'oldest' as const),
    limit: fc.integer({ min: 1, max: 25 }),
    steps: fc.array(fc.array(happening, { maxLength: 6 }), { minLength: 1, maxLength: 8 })
  })
  await fc.assert(fc.asyncProperty(history, async ({ sizes, order, limit, steps }) => {
    await redis.flushall()
    const ids = await submit(...sizes)
    const deleted = new Set<string>()
    const happen = {
      submit: () => submit(1, 5),
      complete: () => complete(7),
      retry: async () => worker().turn({ settlements: retried(await worker().turn({ max: 3 })) }),
      bury: async () => worker().turn({ settlements: dead(await worker().turn({ max: 3 })) }),
      release: async () => worker().turn({ settlements: released(await worker().turn({ max: 3 })) }),
      promote: async () => { await makeDue(engine, ':retrying'); await sweep() },
      redrive: () => queue.redrive('default', { limit: 2 }),
      cancel: () => queue.control('default', 'cancel', ids.slice(0, 3)),
      again: () => queue.control('default', 'retry', ids.slice(0, 5)),
      delete: async () => {
        const some = ids.slice(-4)
        const results = await queue.control('default', 'delete', some)
        some.forEach((id, i) => { if (results[i] === 'changed') deleted.add(id) })
      },
      // Those that a pass is to drop, and then the pass.
      forget: async () => {
        await redis.hset(key(':stats'), 'journal_gone', -1_000_000)
        await sweep()
      },
      push: async () => { await redis.rpush(key(), '{"task":"y"}') }
    }
    const found = await all({}, { order, limit }, async page => {
      if (page < 2 * steps.length) for (const what of steps[page % steps.length]!) await happen[what]()
      if (page > 1000) throw new Error('no end')
    })
    if (new Set(found).size !== found.length) throw new Error('a job came twice')
    const shown = new Set(found)
    const missing = ids.filter(id => !shown.has(id) && !deleted.has(id))
    if (missing.length > 0) throw new Error(`missed ${missing.length}`)
    const places = found.filter(id => ids.includes(id)).map(id => ids.indexOf(id))
    const sorted = places.toSorted((a, b) => order === 'oldest' ? a - b : b - a)
    if (places.join() !== sorted.join()) throw new Error('out of order')
  }), { numRuns: 60 })
})
