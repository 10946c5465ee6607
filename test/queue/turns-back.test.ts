import t from 'tap'
import { decodeRecord } from '../../src/queue/record.ts'
import type { TurnResult } from '../../src/queue/lease.ts'
import { run } from '../../src/queue/scripts.ts'
import { SettingsStore } from '../../src/queue/settings.ts'
import type { QueueSettings } from '../../src/queue/settings.ts'
import { completed, released, startEngine } from '../helper/engine.ts'

// Jobs of groups that come back to the ready ones: those for which a turn of a worker had no room, those that were released, and those
// whose groups slept.

const engine = await startEngine(t)
const { redis, key, queue, worker } = engine

const large = (bytes: number) => JSON.stringify('x'.repeat(bytes))
const tasksOf = ({ leased }: Pick<TurnResult, 'leased'>) => leased.map(({ id, record }) => decodeRecord(id, record).task)

/** A job of each group, whose name is its task. */
async function submit (text: string) {
  await queue.submitAll([...text].map(letter => ({ task: letter, ...(letter !== '-' && { group: letter }) })))
}

async function set (settings: QueueSettings): Promise<void> {
  await new SettingsStore(redis, engine.keys).change('default', () => settings)
}

/** All jobs, in the order in which one worker does them. */
async function workOff (): Promise<string[]> {
  const done: string[] = []
  for (;;) {
    const turn = await worker().turn({ max: 100 })
    if (turn.leased.length === 0) return done
    done.push(...tasksOf(turn))
    await worker().turn({ settlements: completed(turn) })
  }
}

t.test('who was passed over as his job is large has not lost his turn', async t => {
  for (let i = 0; i < 3; i++) {
    await queue.submitAll([{ task: `a${i}`, group: 'a', input: large(600_000) }, { task: `-${i}`, input: large(600_000) }, { task: `b${i}`, group: 'b', input: large(600_000) }])
  }
  const done = await workOff()
  t.same(done.map(task => task[1]).join(''), '000111222')
})

t.test('jobs that are too large for a turn stay in the order of their group', async t => {
  const specs = Array.from({ length: 60 }, (_, i) => ({ task: `${i}`, group: 'a', input: i < 20 ? '1' : large(100_000) }))
  for (let i = 0; i < 60; i += 20) await queue.submitAll(specs.slice(i, i + 20))
  const first = tasksOf(await worker().turn({ max: 100 }))
  t.ok(first.length > 20 && first.length < 60)
  t.same(await redis.lrange(key(':turns:n'), 0, -1).then(members => members.map(member => member.slice(22))), ['@a'], 'and have one turn')
  t.same([...first, ...await workOff()], specs.map(({ task }) => task))
})

t.test('the same of a purge, which takes no more than its bytes', async t => {
  const specs = Array.from({ length: 400 }, (_, i) => ({ task: `${i}`, group: i % 2 === 0 ? 'a' : 'b', input: i < 100 ? '1' : large(200_000) }))
  for (let i = 0; i < 400; i += 20) await queue.submitAll(specs.slice(i, i + 20))
  await run(redis, 'purge', engine.keys.of('default'), ['default', 'queued'])
  const left = (await queue.stats('default'))!.queued
  t.ok(left > 0 && left < 400)
  t.same((await redis.lrange(key(':turns:n'), 0, -1)).length, 2)
  t.same(await workOff(), specs.slice(-left).map(({ task }) => task))
})

t.test('a job without a group that is released goes next, too', async t => {
  await submit('-abc-')
  const turn = await worker().turn({ max: 4 })
  t.same(tasksOf(turn).join(''), 'abc-')
  await submit('de')
  await worker().turn({ settlements: released({ ...turn, leased: turn.leased.slice(3) }) })
  t.equal((await workOff()).join(''), '--de')
})

t.test('a group gives no more than it may, although a job that came back stands behind its own place', async t => {
  await submit('ggg' + 'bcdefh' + 'sstt' + 'ggggg')
  const held = await worker().turn({ max: 13 })
  const { leased } = held
  t.equal(leased.length, 13)
  const all: Record<string, typeof leased> = {}
  for (const one of leased) (all[tasksOf({ leased: [one] })[0]!] ??= []).push(one)
  const release = async (...back: typeof leased) => await worker().turn({ settlements: released({ ...held, leased: back }) })
  await release(...'bcdefh'.split('').map(letter => all[letter]![0]!))
  for (const letter of ['g', 'g', 't', 's']) await release(all[letter]!.pop()!)
  await set({ group_concurrency: 2, group_overrides: { s: { concurrency: 1 }, t: { concurrency: 1 } } })
  const ring = async () => (await redis.lrange(key(':turns:n'), 0, -1)).map(member => member.slice(22)).join(' ')
  t.equal(await ring(), '@s @t !g !g @b @c @d @e @f @h @g')
  const turn = await worker('w2').turn({ max: 2 })
  t.same(tasksOf(turn).join(''), 'gb')
  t.equal(await ring(), '@c @d @e @f @h @g !g', 'it is not known when that which was before it had no room')
  await worker('w2').turn({ settlements: completed(turn) })
  await worker().turn({ settlements: completed({ ...held, leased: all.g! }) })
  await worker('w2').turn({ max: 20 })
  t.same(Object.fromEntries(Object.entries(await redis.hgetall(key(':running'))).filter(([group]) => group === 'g')), { g: '2' })
})

t.test('of many groups that may start again at the same time no call awakes all', async t => {
  await set({ group_rate_limit: { limit: 1, period_seconds: 3600, burst: 1 } })
  const names = Array.from({ length: 600 }, (_, i) => `g${i}`)
  for (let i = 0; i < 2; i++) await queue.submitAll(names.map(group => ({ task: group, group })))
  await worker().turn({ settlements: completed(await worker().turn({ max: 1000 })) })
  t.equal(await redis.zcard(key(':asleep')), 600)
  for (const name of [':asleep', ':rates']) await redis.zunionstore(key(name), 1, key(name), 'WEIGHTS', 0.5)
  const turn = await worker().turn({ max: 10 })
  t.same(tasksOf(turn), names.toSorted().slice(0, 10))
  t.equal(await redis.zcard(key(':asleep')), 100)
  await worker().turn({ settlements: completed(turn) })
  t.equal((await workOff()).length, 590)
})
