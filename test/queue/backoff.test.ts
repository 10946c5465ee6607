import fc from 'fast-check'
import t from 'tap'
import { backoffMs } from '../../src/queue/backoff.ts'
import type { Backoff } from '../../src/queue/job.ts'

const base: Backoff = { type: 'exponential', delay_seconds: 5, max_delay_seconds: 3600, jitter: 0 }

// What the contract allows.
const anyBackoff = fc.record({
  type: fc.constantFrom('exponential' as const, 'fixed' as const),
  delay_seconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
  max_delay_seconds: fc.double({ min: 0, max: 604_800, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true })
})
const anyFailures = fc.integer({ min: 1, max: 100 })

t.test('doubles with every failure, from the delay to the limit', async t => {
  t.same([1, 2, 3, 10, 11, 100].map(failures => backoffMs(base, failures)), [5000, 10_000, 20_000, 2_560_000, 3_600_000, 3_600_000])
})

t.test('stays the same when it is fixed', async t => {
  t.same([1, 2, 100].map(failures => backoffMs({ ...base, type: 'fixed' }, failures)), [5000, 5000, 5000])
  t.equal(backoffMs({ ...base, type: 'fixed', max_delay_seconds: 2 }, 1), 2000)
})

t.test('fractions of a second count, and no delay is no delay', async t => {
  t.equal(backoffMs({ ...base, delay_seconds: 0.05 }, 2), 100)
  t.equal(backoffMs({ ...base, delay_seconds: 0 }, 100), 0)
})

t.test('jitter is a share on top, also at the limit', async t => {
  t.equal(backoffMs({ ...base, jitter: 0.2 }, 1, 0.5), 5500)
  t.equal(backoffMs({ ...base, jitter: 1 }, 50, 0.25), 4_500_000)
})

t.test('always a whole number of ms, never less than the delay, never more than delay and jitter', async () => {
  fc.assert(fc.property(anyBackoff, anyFailures, (backoff, failures) => {
    const ms = backoffMs(backoff, failures)
    const least = backoffMs({ ...backoff, jitter: 0 }, failures)
    const most = Math.round(least * (1 + backoff.jitter)) + 1
    return Number.isInteger(ms) && least <= ms && ms <= most && least <= backoff.max_delay_seconds * 1000 + 1
  }))
})

t.test('jobs that failed together do not return together', async t => {
  const delays = Array.from({ length: 1000 }, () => backoffMs({ ...base, jitter: 0.5 }, 1))
  // Each fifth of the range has about 200 of them.
  for (let fifth = 0; fifth < 5; fifth++) {
    const within = delays.filter(ms => ms >= 5000 + fifth * 500 && ms < 5500 + fifth * 500)
    t.ok(within.length > 100, `${within.length} in fifth ${fifth}`)
  }
})
