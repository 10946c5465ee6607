import { Redis } from 'ioredis'
import type { JobSpec } from '../../src/queue/job.ts'
import { Keys } from '../../src/queue/keys.ts'
import { Leases } from '../../src/queue/lease.ts'
import type { Leased, Settlement } from '../../src/queue/lease.ts'
import { Queue } from '../../src/queue/queue.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import type { Contender } from './contender.ts'
import { PAYLOAD, inFlight, pings, watchSocket } from './work.ts'

const job = (delay_ms?: number, group?: string): JobSpec => ({ task: 'noop', input: JSON.stringify(PAYLOAD), delay_ms, group })
const BATCH = 250

/** This project's engine, without HTTP and without the worker around it. */
export default async function connect (path: string): Promise<Contender> {
  const redis = new Redis({ path })
  await redis.ping()
  const socket = watchSocket(redis)
  const keys = new Keys()
  const queue = new Queue(redis, keys)
  const leases = new Leases(redis, keys, 'default', 'bench', 30_000, () => ({ keep_completed: 10_000_000, keep_dead: 100_000 }))

  return {
    submit: jobs => inFlight(jobs, 100, () => queue.submit(job())),
    bulk: jobs => inFlight(jobs / 1000, 2, () => queue.submitAll(Array.from({ length: 1000 }, () => job()))),

    bulkLater: jobs => inFlight(jobs / 1000, 2, () => queue.submitAll(Array.from({ length: 1000 }, () => job(3_600_000)))),

    bulkGroups: jobs => {
      let nth = 0
      return inFlight(jobs / 1000, 2, () => queue.submitAll(Array.from({ length: 1000 }, () => job(undefined, `g${nth++}`))))
    },
    bulkOneGroup: jobs => inFlight(jobs / 1000, 2, () => queue.submitAll(Array.from({ length: 1000 }, () => job(undefined, 'g')))),

    async lease (jobs) {
      const times: number[] = []
      let settlements: Settlement[] = []
      for (let i = 0; i < jobs; i++) {
        const start = performance.now()
        const { leased } = await leases.turn({ settlements, max: 1 })
        times.push((performance.now() - start) * 1000)
        settlements = leased.map(run)
      }
      return times
    },

    // Two calls under way, each settling what the one before the last has leased.
    async drain (jobs) {
      let done = 0
      await inFlight(2, 2, async () => {
        let settlements: Settlement[] = []
        while (done < jobs) {
          const { leased, settled } = await leases.turn({ settlements, max: BATCH })
          done += settled.filter(Boolean).length
          settlements = leased.map(run)
        }
      })
    },

    ping: jobs => pings(jobs, at => queue.submit({ task: 'ping', input: JSON.stringify(at) }), socket.sentAt)
  }
}

/** As a worker does: reads the record and the input, and says what came of it. */
function run ({ id, token, record }: Leased): Settlement {
  JSON.parse(decodeRecord(id, record).input)
  return { kind: 'complete', id, token, result: 'null' }
}
