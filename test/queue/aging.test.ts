import t from 'tap'
import type { Priority } from '../../src/queue/job.ts'
import { fromUuid } from '../../src/queue/ids.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { SettingsStore } from '../../src/queue/settings.ts'
import { startEngine } from '../helper/engine.ts'
import { countCommands } from '../helper/commands.ts'

const engine = await startEngine(t)
const { redis, queue, worker } = engine

/** A job of this priority that was created so long ago. */
async function submit (task: string, priority: Priority, age_seconds: number, group?: string): Promise<void> {
  const id = fromUuid((await queue.submit({ task, priority, group })).id)
  const record = (await redis.hget(engine.keys.jobs, id))!
  await redis.hset(engine.keys.jobs, id, `${Number(record.slice(0, 13)) - age_seconds * 1000}${record.slice(13)}`)
}

async function lease (max: number): Promise<string> {
  return (await worker().turn({ max })).leased.map(({ id, record }) => decodeRecord(id, record).task).join(' ')
}

t.beforeEach(async () => { await new SettingsStore(redis, engine.keys).change('default', () => ({ priority_aging_seconds: 60 })) })

t.test('without ageing the higher priority is always first', async t => {
  await new SettingsStore(redis, engine.keys).change('default', () => ({}))
  await submit('low', 'low', 1000)
  await submit('normal', 'normal', 1000)
  await submit('high', 'high', 0)
  t.equal(await lease(3), 'high normal low')
})

t.test('a job counts as one priority higher each time that it has waited so long', async t => {
  await submit('low', 'low', 61)
  await submit('normal', 'normal', 59)
  await submit('high', 'high', 0)
  // As old as normal, and older than it; not as high as high.
  t.equal(await lease(1), 'high')
  t.equal(await lease(1), 'low')
  await submit('low', 'low', 121)
  await submit('high', 'high', 0)
  t.equal(await lease(1), 'low')
  t.equal(await lease(2), 'high normal')
})

t.test('of those that are as high the oldest is first', async t => {
  await submit('a', 'normal', 70)
  await submit('b', 'high', 80)
  await submit('c', 'low', 150)
  t.equal(await lease(1), 'c')
  t.equal(await lease(1), 'b')
  t.equal(await lease(1), 'a')
})

t.test('low jobs are not starved by high ones that never end', async t => {
  for (let i = 0; i < 5; i++) await submit('low', 'low', 130)
  let seen = 0
  for (let i = 0; i < 20; i++) {
    await submit('high', 'high', 0)
    if (await lease(1) === 'low') seen++
  }
  t.equal(seen, 5)
})

t.test('with groups, and however many are taken at once', async t => {
  for (let i = 0; i < 10; i++) await submit('low', 'low', 200, `g${i % 3}`)
  for (let i = 0; i < 10; i++) await submit('high', 'high', 0, `g${i % 3}`)
  const tasks = (await lease(20)).split(' ')
  t.equal(tasks.length, 20)
  t.equal(await lease(1), '')
})

t.test('groups that may not start stop no other', async t => {
  await new SettingsStore(redis, engine.keys).change('default', () => ({ priority_aging_seconds: 60, group_concurrency: 1 }))
  await submit('low', 'low', 200, 'g')
  await submit('low', 'low', 200, 'g')
  await submit('high', 'high', 0)
  t.equal(await lease(5), 'low high')
  t.equal(await lease(5), '')
})

t.test('a queue without it pays nothing for it', async t => {
  await new SettingsStore(redis, engine.keys).change('default', () => ({}))
  await submit('a', 'normal', 0)
  t.same((await countCommands(redis, async () => { await lease(5) })).get('lrange'), undefined)
})
