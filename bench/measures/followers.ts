import { Keys } from '../../src/queue/keys.ts'
import { Leases } from '../../src/queue/lease.ts'
import { Queue } from '../../src/queue/queue.ts'
import type { Bench } from '../bench.ts'
import type { Figures, Measure } from '../measure.ts'
import { Child } from '../processes.ts'
import type { Readers } from '../readers.ts'

// A thousand streams of all completed jobs and a thousand clients that wait for a job each, at one API process: what they take of its
// memory, and how long it is from the completion of their jobs, all in one call, until the last of them has been told.

const COUNT = 1000

const followers: Measure = {
  name: 'followers',
  long: true,
  contenders: ['api'],
  async round (bench: Bench): Promise<Figures> {
    const { child: api, ready } = await bench.child('api', () => new Child('../dist/src/server.js', [], { ...bench.env, PORT: '0' }))
    const queue = new Queue(bench.redis, new Keys())
    const leases = new Leases(bench.redis, queue.keys, 'default', 'bench', 60_000, () => ({ keep_completed: 100_000, keep_dead: 1 }))
    const waiting = (await queue.submitAll(Array.from({ length: COUNT }, () => ({ task: 'noop' })))).map(({ id }) => id)
    const { leased } = await leases.turn({ max: COUNT })
    const { rss: before } = await api.usage()

    const readers = new Child('readers.ts')
    await readers.message(message => message.ready)
    const open = readers.message(message => message.answer === 'open' || message.error)
    const told = readers.message<{ at: string, error?: string }>(message => message.answer === 'readers')
    readers.send({ readers: { address: ready.address, streams: COUNT, waiting } satisfies Readers })
    await open
    // Streams are open when they have been answered; those who wait are there when the server has all of their connections.
    const metric = async (name: string) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await (await fetch(`${ready.address}/metrics`)).text())?.[1])
    while (await metric('event_followers') < 2 * COUNT) await new Promise(resolve => setTimeout(resolve, 20))
    const { rss } = await api.usage()

    const start = process.hrtime.bigint()
    await leases.turn({ settlements: leased.map(({ id, token }) => ({ kind: 'complete', id, token, result: 'null' })) })
    const { at, error } = await told
    await readers.stop()
    if (error) throw new Error(error)
    await bench.drop('api')
    return { before: before / 1e6, memory: rss / 1e6, each: (rss - before) / (2 * COUNT) / 1000, told: Number(BigInt(at) - start) / 1e6 }
  },
  rows: [
    { measure: 'memory of the API, with 1,000 streams and 1,000 who wait', ours: ['api', 'memory'], versus: ['api', 'before'], unit: 'MB', less: true },
    { measure: 'memory of the API, for each of them', ours: ['api', 'each'], unit: 'KB', less: true },
    { measure: 'completion of 1,000 jobs until the last of 2,000 has been told', ours: ['api', 'told'], unit: 'ms', less: true }
  ]
}

export default [followers]
