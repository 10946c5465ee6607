import { Redis } from 'ioredis'
import type { Contender } from './contender.ts'
import { PAYLOAD, inFlight, pings, stopwatch, watchSocket } from './work.ts'

const job = () => JSON.stringify({ task: 'noop', input: PAYLOAD })

/** The plain protocol: what is popped is gone, whatever becomes of it. No records, no leases, no results. */
export default async function connect (path: string): Promise<Contender> {
  const redis = new Redis({ path })
  const taker = redis.duplicate()
  await Promise.all([redis.ping(), taker.ping()])
  const { sentAt } = watchSocket(redis)
  const watch = stopwatch(watchSocket(taker).receivedAt)
  return {
    submit: jobs => inFlight(jobs, 100, () => redis.rpush('list', job())),
    bulk: jobs => inFlight(jobs / 1000, 2, () => redis.rpush('list', ...Array.from({ length: 1000 }, job))),
    async drain (jobs) {
      for (let left = jobs; left > 0;) {
        const taken = await redis.lpop('list', 1000) as string[]
        for (const text of taken) JSON.parse(text)
        left -= taken.length
      }
    },
    async serve () {
      const run = async () => {
        for (;;) {
          const [, text] = await taker.blpop('list', 0) as [string, string]
          watch.note(JSON.parse(text).input)
        }
      }
      run()
    },
    ping: jobs => pings(jobs, at => redis.rpush('list', JSON.stringify({ task: 'ping', input: at })), sentAt),
    latencies: async () => watch.take()
  }
}
