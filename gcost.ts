import { startRedis } from './src/redis-server.ts'
import { Redis } from 'ioredis'
import { Keys } from './src/queue/keys.ts'
import { Queue } from './src/queue/queue.ts'
import { Leases } from './src/queue/lease.ts'
export async function main (port: number) {
  const redis = new Redis({ port })
  const usec = async () => { const s = await redis.info('commandstats'); const out: Record<string, number> = {}; for (const m of s.matchAll(/cmdstat_(\w+):calls=(\d+),usec=(\d+)/g)) out[m[1]!] = Number(m[3]); return out }
  for (let round = 0; round < 3; round++) {
    for (const kind of ['plain', 'groups', 'one'] as const) {
      await redis.flushall()
      const keys = new Keys(); const queue = new Queue(redis, keys)
      const leases = new Leases(redis, keys, 'default', 'w', 30_000, () => ({ keep_completed: 10_000_000, keep_dead: 1000 }))
      const N = 100_000
      await redis.config('RESETSTAT')
      for (let i = 0; i < N; i += 1000) await queue.submitAll(Array.from({ length: 1000 }, (_, n) => ({ task: 'noop', input: '{"a":"' + 'x'.repeat(90) + '"}', ...(kind === 'groups' && { group: `g${i + n}` }), ...(kind === 'one' && { group: 'g' }) })))
      const a = await usec()
      const mem = Number((await redis.info('memory')).match(/used_memory:(\d+)/)![1])
      await redis.config('RESETSTAT')
      let settlements: any[] = [], n = 0
      for (;;) { const r: any = await leases.turn({ max: 250, settlements }); if (r.leased.length === 0) break; n += r.leased.length; settlements = r.leased.map((j: any) => ({ kind: 'complete', id: j.id, token: j.token, result: 'null' })) }
      const b = await usec()
      const top = (s: Record<string, number>) => Object.entries(s).sort((x, y) => y[1] - x[1]).slice(0, 9).map(([k, v]) => `${k} ${(v / N).toFixed(2)}`).join(', ')
      console.log(kind.padEnd(7), n, 'mem', (mem / N).toFixed(0), '| submit:', top(a), '| drain:', top(b))
    }
  }
  redis.disconnect()
}
