import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import type { Job } from '../../src/queue/job.ts'
import type { Settlement, TurnResult } from '../../src/queue/lease.ts'
import { dead, dump, HOUR_MS, makeDue, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, worker } = engine
const MIB = 1024 * 1024

/** So many dead jobs, and their ids in the order of their deaths: all at time `at`, or a ms apart. */
async function bury (count: number, at?: number): Promise<string[]> {
  const jobs = await submitMany(engine, count)
  for (let left = count; left > 0; left -= 1000) await worker().turn({ settlements: dead(await worker().turn({ max: Math.min(left, 1000) })) })
  const ids = jobs.map(({ id }) => id)
  await redis.zadd(key(':dlq'), 'XX', ...ids.flatMap((id, i) => [`${at ?? Date.now() - count + i}`, fromUuid(id)]))
  return ids
}

/** All pages from `cursor` on. */
async function pages (limit: number, cursor?: string | null): Promise<Job[][]> {
  const all: Job[][] = []
  do {
    const page = await queue.deadLetters('default', limit, cursor ?? undefined)
    all.push(page.items)
    cursor = page.next_cursor
  } while (cursor !== null && all.length < 100)
  return all
}

const ids = (page: Job[]): string[] => page.map(({ id }) => id)

t.test('newest first, page by page, and the last page says that it is', async t => {
  const buried = (await bury(7)).toReversed()
  t.same((await pages(3)).map(ids), [buried.slice(0, 3), buried.slice(3, 6), buried.slice(6)])
  t.same((await pages(7)).map(ids), [buried], 'no empty page at the end')
  t.same((await pages(6)).map(ids), [buried.slice(0, 6), buried.slice(6)])
})

t.test('none', async t => {
  t.same(await queue.deadLetters('default', 10), { items: [], next_cursor: null })
  t.same(await queue.deadLetters('default', 10, `${Date.now()}.AZXk0000cAC0000000000A`), { items: [], next_cursor: null })
})

t.test('jobs that died in the same ms are all shown once', async t => {
  const buried = await bury(9, Date.now())
  const shown = (await pages(2)).map(ids)
  t.equal(shown.length, 5)
  t.same(shown.flat().sort(), buried.sort())
})

t.test('a page goes on where the last one ended, whatever became of its last job and of others', async t => {
  for (const at of [undefined, Date.now()]) {
    await redis.flushall()
    await bury(9, at)
    const before = ids((await pages(9))[0]!)
    const first = await queue.deadLetters('default', 3)
    await queue.redrive('default', { ids: [before[0]!, before[2]!, before[4]!] })
    const rest = before.slice(3).filter(id => id !== before[4])
    t.same((await pages(2, first.next_cursor)).flatMap(ids), rest)
    // The last job of the page dies again: now it is the newest.
    await worker().turn({ settlements: dead(await worker().turn({ max: 3 })) })
    t.same((await pages(2, first.next_cursor)).flatMap(ids), rest)
  }
})

t.test('reading changes nothing', async t => {
  await bury(5)
  const before = await dump(redis)
  await pages(2)
  t.same(await dump(redis), before)
})

t.test('a page ends early when its jobs reach 4 MiB', async t => {
  await submitMany(engine, 6, { input: JSON.stringify('a'.repeat(1.5 * MIB)) })
  for (let i = 0; i < 6; i++) await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  t.same((await pages(100)).map(page => page.length), [3, 3])
})

t.test('failures count towards the bytes of a page', async t => {
  await submitMany(engine, 150)
  const long = { reason: 'failed' as const, message: '€'.repeat(2000), stack: '€'.repeat(4000) }
  // A turn leases fewer jobs when their failures are large.
  const settleAll = async (how: (turn: TurnResult) => Settlement[]) => {
    for (let settled = 0; settled < 150;) {
      const turn = await worker().turn({ max: 150 - settled })
      t.ok(turn.leased.length > 0)
      await worker().turn({ settlements: how(turn).map(settlement => ({ ...settlement, failure: long }) as Settlement) })
      settled += turn.leased.length
    }
  }
  for (let attempt = 1; attempt < 3; attempt++) {
    await settleAll(retried)
    await makeDue(engine, ':retrying')
  }
  await settleAll(dead)
  // 54,000 bytes of failures a job.
  t.same((await pages(1000)).map(page => page.length), [78, 72])
})

t.test('a job shows how it died', async t => {
  const { id } = await queue.submit({ task: 'x', input: '[1.0]', priority: 'low' })
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), 0) })
  await worker('w2').turn({ settlements: dead(await worker('w2').turn({ max: 1 }), 'really') })
  const { items: [job] } = await queue.deadLetters('default', 1)
  t.match(job, { id, status: 'failed', input: '[1.0]', priority: 'low', attempt: 2, lost: 0, worker: 'w2', result: undefined })
  t.match(job!.errors, [{ attempt: 1, message: 'no', worker: 'w1' }, { attempt: 2, message: 'really', worker: 'w2' }])
  t.ok(job!.completed_at! >= job!.started_at! && job!.started_at! >= job!.created_at && job!.completed_at! > Date.now() - HOUR_MS)
  const { version, ...read } = (await queue.get(id))!
  t.match(version, /^[0-9a-f]{40}$/)
  t.same(read, job)
})

t.test('a cursor that no page gave', async t => {
  for (const cursor of ['', 'x', '1', '1.', '.AZXk0000cAC0000000000A', 'x.AZXk0000cAC0000000000A', '1.AZXk0000cAC0000000000', '1.AZXk0000cAC0000000000AA', '1.AZXk0000cAC00000000 0A', '1234567890123456.AZXk0000cAC0000000000A', '1.AZXk0000cAC0000000000A\n', '-1.AZXk0000cAC0000000000A']) {
    await t.rejects(queue.deadLetters('default', 1, cursor), { name: 'BadCursorError' }, JSON.stringify(cursor))
  }
})
