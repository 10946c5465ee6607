import { Redis } from 'ioredis'
import type { Contender } from './contender.ts'
import { PAYLOAD, inFlight } from './work.ts'

const job = () => JSON.stringify({ task: 'noop', input: PAYLOAD })

/** Redis streams with a consumer group: at least once, but what is acknowledged is forgotten. */
export default async function connect (socket: string): Promise<Contender> {
  const redis = new Redis({ path: socket })
  return {
    async bulk (jobs) {
      await inFlight(jobs / 1000, 2, async () => {
        const pipeline = redis.pipeline()
        for (let i = 0; i < 1000; i++) pipeline.xadd('stream', '*', 'job', job())
        await pipeline.exec()
      })
    },
    async drain (jobs) {
      await redis.xgroup('CREATE', 'stream', 'workers', '0', 'MKSTREAM')
      for (let left = jobs; left > 0;) {
        const [[, entries]] = await redis.xreadgroup('GROUP', 'workers', 'w1', 'COUNT', 500, 'STREAMS', 'stream', '>') as [[string, [string, string[]][]]]
        for (const [, [, text]] of entries) JSON.parse(text!)
        await redis.xack('stream', 'workers', ...entries.map(([id]) => id))
        left -= entries.length
      }
    }
  }
}
