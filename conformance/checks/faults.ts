import type { Check } from '../check.ts'
import type { Exchange } from '../proxy.ts'

// When something is wrong on the way.

/** Whether a request says what became of a job. */
const settles = ({ path, body }: Exchange): boolean => (path === '/leases/settle' && body.settlements.length > 0) || /\/(complete|fail|release)$/.test(path)
/** Timers may be a little early. */
const TOLERANCE_MS = 50

export const faults: Check[] = [
  {
    name: 'unavailable',
    says: 'asks again after a 503, and not before Retry-After has passed',
    over: 'http',
    async run (t, http) {
      let refused: number | undefined
      http.proxy.fault = ({ path, at }) => {
        if (path !== '/leases' || refused !== undefined) return undefined
        refused = at
        return { status: 503, retryAfter: 2 }
      }
      await t.start()
      t.same((await t.run('echo', 1)).status, 'completed', 'the status')
      const ms = http.asks[1]!.at - refused!
      t.expect(ms >= 2000 - TOLERANCE_MS, `it waits for 2 s, not for ${Math.round(ms)} ms`)
    }
  },
  {
    name: 'too-many-requests',
    says: 'says what became of a job again after a 429, and not before Retry-After has passed',
    over: 'http',
    async run (t, http) {
      const at: number[] = []
      http.proxy.fault = exchange => {
        if (!settles(exchange)) return undefined
        return at.push(exchange.at) === 1 ? { status: 429, retryAfter: 2 } : undefined
      }
      await t.start()
      const job = await t.run('echo', 1)
      t.same([job.status, job.attempt, job.lost], ['completed', 1, 0], 'status, attempt and leases that were lost')
      const ms = at[1]! - at[0]!
      t.expect(ms >= 2000 - TOLERANCE_MS, `it waits for 2 s, not for ${Math.round(ms)} ms`)
    }
  },
  {
    name: 'settle-again',
    says: 'says what became of a job again when the connection broke before it was heard',
    over: 'http',
    async run (t, http) {
      let broken = 0
      http.proxy.fault = exchange => settles(exchange) && broken++ < 2 ? 'drop' : undefined
      await t.start()
      const job = await t.run('echo', 1)
      t.same([job.status, job.attempt, job.lost], ['completed', 1, 0], 'status, attempt and leases that were lost')
    }
  },
  {
    name: 'settle-once',
    says: 'takes what is stale for done, and never says again what was heard',
    over: 'http',
    async run (t, http) {
      let lost = 0
      http.proxy.fault = exchange => settles(exchange) && lost++ === 0 ? 'lose' : undefined
      await t.start()
      for (let i = 0; i < 3; i++) {
        const job = await t.run('echo', i)
        t.same([job.status, job.attempt, job.lost], ['completed', 1, 0], 'status, attempt and leases that were lost')
      }
      await t.until('it asks for more', () => http.asks.at(-1)!.at > http.told.at(-1)!.exchange.at || http.told.at(-1)!.exchange.body.lease)
      for (const { lease_token, exchange } of http.told) {
        const again = http.told.filter(other => other.lease_token === lease_token && exchange.status > 0 && exchange.status < 429 && other.exchange.at > exchange.answeredAt)
        t.expect(again.length === 0, 'it says of each attempt once what became of it')
      }
    }
  },
  {
    name: 'restart',
    says: 'survives that the service is away, and keeps the job that it runs',
    async run (t) {
      const service = await t.link.ownService(t.scope)
      const program = await t.start({ lease: 60 })
      const id = await t.submit('sleep', { seconds: 1 })
      await t.given(id)
      await service.leave()
      // The job is over meanwhile.
      await t.watch(1.5)
      service.comeBack()
      const job = await t.ended(id, t.patience + 10)
      t.same([job.status, job.attempt, job.lost], ['completed', 1, 0], 'status, attempt and leases that were lost')
      t.same((await t.ended(await t.submit('echo', 1), t.patience + 10)).status, 'completed', 'the status of the next job')
      t.expect(program.exit === undefined, 'it still runs')
    }
  }
]
