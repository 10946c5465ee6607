import type { Redis } from 'ioredis'

/** How often each Redis command ran while `work` did, also inside scripts; without what this itself asks. */
export async function countCommands (redis: Redis, work: () => Promise<unknown>): Promise<Map<string, number>> {
  await redis.config('RESETSTAT')
  await work()
  const info = await redis.info('commandstats')
  const counts = new Map<string, number>()
  for (const [, name, calls] of info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
    if (name !== 'config|resetstat') counts.set(name!, Number(calls))
  }
  return counts
}

export function sum (counts: Map<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}
