import t from 'tap'
import { newId } from '../../src/queue/ids.ts'
import { journalText } from '../../src/queue/journal.ts'
import { encodeRecord } from '../../src/queue/record.ts'
import { run } from '../../src/queue/scripts.ts'
import { completed, dump, HOUR_MS, startEngine } from '../helper/engine.ts'

const { redis, keys, worker } = await startEngine(t)
const record = encodeRecord({ task: 'x' })

function call (): Array<string | number> {
  const [a, b, c] = [newId(), newId(), newId()]
  return ['default', 0, 2, 0, journalText([a, b, c]), 0, 0, 0, a, record, b, record, c, record, `+${HOUR_MS}`]
}

t.test('a call that is sent again keeps nothing twice', async t => {
  const args = call()
  await run(redis, 'submit', keys.of('default'), args)
  const before = await dump(redis)
  t.match(before, { 'job_queue:stats': { submitted: '3' } })
  await run(redis, 'submit', keys.of('default'), args)
  t.same(await dump(redis), before)
})

t.test('also when its jobs have run since', async t => {
  const args = call()
  await run(redis, 'submit', keys.of('default'), args)
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  await worker().turn({ max: 1 })
  const before = await dump(redis)
  await run(redis, 'submit', keys.of('default'), args)
  t.same(await dump(redis), before)
})

t.test('also when all of its jobs are scheduled', async t => {
  const id = newId()
  const args = ['default', 0, 0, 0, journalText([id]), 0, 0, 0, id, record, `+${HOUR_MS}`]
  await run(redis, 'submit', keys.of('default'), args)
  const before = await dump(redis)
  await run(redis, 'submit', keys.of('default'), args)
  t.same(await dump(redis), before)
})

t.test('also one that has conditions', async t => {
  const parent = newId()
  await run(redis, 'submit', keys.of('default'), ['default', 0, 1, 0, journalText([parent]), 0, 0, 0, parent, record])
  const [a, b, c] = [newId(), newId(), newId()]
  const hash = 'h'.repeat(22)
  const args = ['default', '', '', '', 'default', a, record, '', `r c ${hash}`, '', '', 'q', b, record, '', '', `c${parent}`, '1', 'default', c, record, '', `r c ${hash}`, '', '']
  t.match(await run(redis, 'create', keys.of('default'), args), [Number, `q${a}b${b}e${a}`])
  const before = await dump(redis)
  t.match(await run(redis, 'create', keys.of('default'), args), [Number, `e${a}e${b}e${a}`])
  t.same(await dump(redis), before)
})
