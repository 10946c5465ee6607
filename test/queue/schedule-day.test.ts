import type { Redis } from 'ioredis'
import t from 'tap'
import { Firing } from '../../src/queue/firing.ts'
import { toUuid } from '../../src/queue/ids.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { Schedules } from '../../src/queue/schedules.ts'
import { Slots } from '../../src/schedule/slots.ts'
import { Clock } from '../helper/clock.ts'
import { startEngine } from '../helper/engine.ts'

// A day in each zone on which its clocks are changed, in a few seconds: twenty who fire, each of whom may die at any moment.

const CLIENTS = 20
const DAY_MS = 86_400_000
const engine = await startEngine(t)
const { keys } = engine
const clock = new Clock(engine.redis)
const schedules = new Schedules(clock.on(engine.redis), keys)

const days: [zone: string, day: string][] = [
  ['Europe/Berlin', '2026-10-25'], ['America/New_York', '2026-03-08'], ['Australia/Lord_Howe', '2026-10-03'], ['America/Santiago', '2026-09-06'], ['Asia/Kolkata', '2026-03-29']
]
const patterns = ['*/20 * * * *', '*/10 2 * * *', '30 0,2 * * *', '5 */2 * * *', '15 10 12 * * *']

// The same numbers in each run.
let seed = 42
const random = () => {
  seed = seed * 1103515245 + 12345 & 0x7fffffff
  return seed / 0x7fffffff
}
const one = <T>(list: T[]) => list[Math.floor(random() * list.length)]!

interface Client { connection: Redis, firing: Firing }

async function start (): Promise<Client> {
  const connection = await engine.connect()
  const redis = clock.on(connection)
  return { connection, firing: new Firing(redis, keys, new Schedules(redis, keys), () => true) }
}

/** Asks what is due and fires it, and dies somewhere on the way: before, between two, with a call under way, or not at all. */
async function live ({ connection, firing }: Client): Promise<boolean> {
  const { given } = await firing.due()
  const end = random() < 0.15 ? Math.floor(random() * (given.length + 1)) : Infinity
  for (const [i, due] of given.entries()) {
    const fired = firing.fire(due)
    if (i === end) {
      // Redis may have got it or not.
      if (random() < 0.5) await engine.redis.ping()
      connection.disconnect()
      await fired.catch(() => {})
      return false
    }
    // Somebody who hangs says the same again much later.
    await Promise.all([fired, random() < 0.2 && firing.fire(due)])
  }
  if (end !== given.length) return true
  connection.disconnect()
  return false
}

for (const [timezone, day] of days) {
  t.test(`${timezone}: one job a slot`, async t => {
    const from = Date.parse(`${day}T00:00:00Z`) - 12 * 3_600_000
    await clock.set(from - 1)
    const wanted: string[] = []
    const timings = [...patterns.map(cron => ({ cron, timezone })), { every_seconds: 900 }]
    for (const [i, timing] of timings.entries()) {
      await schedules.put(`s${i}`, { timing, job: { task: 'x', queue: `q${i % 2}` }, input: '' })
      const slots = new Slots(timing)
      for (let slot = slots.after(from - 1); slot! < from + DAY_MS; slot = slots.after(slot!)) wanted.push(`s${i} ${slot}`)
    }
    const clients = await Promise.all(Array.from({ length: CLIENTS }, start))
    let deaths = 0
    while (clock.now < from + DAY_MS) {
      const lived = await Promise.all(clients.map(async client => [client, random() < 0.4 || await live(client)] as const))
      for (const [dead, lives] of lived) {
        if (lives) continue
        deaths++
        clients[clients.indexOf(dead)] = await start()
      }
      const { given, next_ms = 0 } = await one(clients).firing.due()
      // Whoever asked has died with what it was given.
      if (given.length === 0) await clock.set(Math.min(clock.now + next_ms + Math.floor(random() ** 8 * 20_000), from + DAY_MS))
    }
    for (const { connection } of clients) connection.disconnect()

    const records = await engine.redis.hgetall(keys.jobs)
    const entries = [...await engine.redis.lrange('queue:q0', 0, -1), ...await engine.redis.lrange('queue:q1', 0, -1)]
    t.strictSame(entries.sort(), Object.keys(records).sort(), 'each stands in its list once')
    const jobs = Object.entries(records).map(([id, record]) => decodeRecord(toUuid(id), record)).filter(({ schedule }) => schedule!.slot! < from + DAY_MS)
    t.strictSame(jobs.map(({ schedule }) => `${schedule!.name} ${schedule!.slot}`).sort(), wanted.sort())
    t.ok(jobs.every(({ created_at, schedule }) => created_at >= schedule!.slot!), 'none before its time')
    t.ok(deaths > 50, `${deaths} died`)
    t.ok(wanted.length > 150, `${wanted.length} slots`)
    const totals = [...(await schedules.totals()).values()]
    t.equal(totals.reduce((sum, { skipped }) => sum + skipped, 0), 0)
    t.equal(totals.reduce((sum, { fired }) => sum + fired, 0), entries.length)
  })
}
