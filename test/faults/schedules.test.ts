import t from 'tap'
import { Keys } from '../../src/queue/keys.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { Schedules } from '../../src/queue/schedules.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import type { Service } from '../helper/service.ts'

const fleet = await startFleet(t)
t.beforeEach(fleet.clear)
const keys = new Keys()
const schedules = new Schedules(fleet.redis, keys)
const NAMES = Array.from({ length: 10 }, (_, i) => `s${i}`)

/** Kills one process after the other, in the moments at which slots fire, and starts another in its place. */
t.test('processes are killed while they fire: one job a slot, and none is missed', async t => {
  const kinds = [fleet.api, fleet.worker, fleet.worker]
  const processes: Service[] = await Promise.all(kinds.map(async start => await start()))
  await Promise.all(NAMES.map(name => schedules.put(name, { timing: { every_seconds: 1 }, job: { task: 'echo' }, input: `"${name}"` })))
  const total = async () => [...(await schedules.totals()).values()].reduce((sum, { fired }) => sum + fired, 0)

  for (let round = 0; round < 4; round++) {
    const before = await total()
    // Some of a second's slots have fired, the others are under way.
    await until(async () => await total() > before)
    const victim = round % kinds.length
    processes[victim]!.signal('SIGKILL')
    await processes[victim]!.exited
    processes[victim] = await kinds[victim]!()
  }
  const enough = await total() + 2 * NAMES.length
  await until(async () => await total() >= enough)
  await Promise.all(NAMES.map(async name => await schedules.pause(name)))

  const slots = new Map<string, number[]>(NAMES.map(name => [name, []]))
  for (const record of await fleet.redis.hvals(keys.jobs)) {
    const { schedule, input, created_at } = decodeRecord('', record)
    t.equal(input, `"${schedule!.name}"`)
    if (created_at < schedule!.slot!) t.fail(`${schedule!.name} was fired before ${schedule!.slot}`)
    slots.get(schedule!.name)!.push(schedule!.slot!)
  }
  for (const [name, found] of slots) {
    found.sort((a, b) => a - b)
    t.same(found, found.map((_, i) => found[0]! + i * 1000), `${name}: each second once`)
    t.match(await schedules.get(name), { fired: found.length, skipped: 0 })
  }
  // Workers die as well: what they ran is run again.
  const jobs = await fleet.redis.hlen(keys.jobs)
  t.equal((await fleet.queue.stats('default'))!.totals.submitted, jobs)
  await until(async () => (await fleet.queue.stats('default'))!.completed === jobs)
})

t.test('everything was away for a while: what is within the grace is caught up with', async t => {
  await schedules.put('s', { timing: { every_seconds: 1 }, job: { task: 'echo' }, input: '1' })
  const at = await schedules.now()
  // No process is there, until some slots have gone by.
  await until(async () => await schedules.now() > at + 3000)
  await fleet.worker()
  const { fired, skipped } = await until(async () => {
    const schedule = await schedules.get('s')
    return schedule!.fired > 3 && schedule
  })
  t.equal(skipped, 0)
  t.ok(fired > 3)
})
