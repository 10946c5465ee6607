import t from 'tap'
import { OtherQueues } from '../src/other-queues.ts'
import type { QueueStats } from '../src/queue/stats.ts'

const at = (name: string, submitted: number) => ({ name, totals: { submitted, completed: 0, failed: 0, cancelled: 0, retried: 0, lost: 0 } }) as QueueStats

t.test('what queues have done before they are read is not counted', async t => {
  const others = new OtherQueues()
  others.see([at('a', 5)], [at('b', 100)], ['a', 'b', 'c'])
  t.equal(others.totals.submitted, 0)
  // b is forgotten, so c, one of too many before, is read; d is new.
  others.see([at('a', 5)], [at('c', 1000), at('d', 2)], ['a', 'c', 'd'])
  t.equal(others.totals.submitted, 2)
  others.see([at('a', 5)], [at('c', 1003), at('d', 2)], ['a', 'c', 'd'])
  t.equal(others.totals.submitted, 5)
  others.see([at('a', 5)], [at('c', 1), at('d', 2)], ['a', 'c', 'd'])
  t.equal(others.totals.submitted, 6, 'one that began anew')
})
