import type { FastifyBaseLogger } from 'fastify'
import t from 'tap'
import { QueueUnavailableError } from '../../src/queue/errors.ts'
import type { Leases } from '../../src/queue/lease.ts'
import type { NewLines } from '../../src/queue/logs.ts'
import { KeptLog } from '../../worker/kept-log.ts'
import { lineText } from '../../worker/log-line.ts'

const said: unknown[] = []
const log = { debug: (...args: unknown[]) => said.push(args), error: (...args: unknown[]) => said.push(args) } as unknown as FastifyBaseLogger
t.afterEach(() => { said.length = 0 })

/** A log whose Redis answers as `answer` says; with the calls that it got. */
function keptLog (answer: (jobs: NewLines[]) => { held: boolean[], kept: boolean }): { kept: KeptLog, calls: NewLines[][] } {
  const calls: NewLines[][] = []
  const leases = { async log (jobs: NewLines[]) { calls.push(structuredClone(jobs)); return answer(jobs) } } as unknown as Leases
  const kept = new KeptLog(log, leases)
  t.teardown(() => kept.close())
  return { kept, calls }
}
const all = (jobs: NewLines[]) => ({ held: jobs.map(() => true), kept: true })
const owner = (id: string) => ({ id, token: `token of ${id}` })
const texts = (calls: NewLines[][], id: string) => calls.flat().filter(job => job.id === id).flatMap(({ lines }) => lines.map(({ text }) => text))

t.test('calls are bounded, by lines, jobs and bytes', async t => {
  const { kept, calls } = keptLog(all)
  const [a, b] = [owner('a'), owner('b')]
  for (let n = 0; n < 600; n++) kept.add(a, 30, `${n}`)
  kept.add(b, 30, 'b')
  await kept.flush()
  t.same(calls.map(jobs => jobs.map(({ id, lines }) => [id, lines.length])), [[['a', 250]], [['a', 250]], [['a', 100], ['b', 1]]])
  t.same(texts(calls, 'a'), Array.from({ length: 600 }, (_, n) => `${n}`))
  calls.length = 0
  for (let n = 0; n < 600; n++) kept.add(owner(`${n}`), 30, 'x')
  await kept.flush()
  t.same(calls.map(({ length }) => length), [250, 250, 100])
  calls.length = 0
  for (let n = 0; n < 100; n++) kept.add(a, 30, 'x'.repeat(8192))
  await kept.flush()
  t.same(calls.map(jobs => jobs[0]!.lines.length), [32, 32, 32, 4])
  t.notOk(kept.has([a, b]))
})

t.test('what cannot be sent is held, in order and within bounds, and what is dropped is counted once', async t => {
  let away = true
  const { kept, calls } = keptLog(jobs => {
    if (away) throw new QueueUnavailableError('away')
    return all(jobs)
  })
  const job = owner('a')
  for (let n = 1; n <= 700; n++) kept.add(job, 30, `${n}`)
  await kept.flush()
  t.ok(kept.has([job]))
  for (let n = 701; n <= 1300; n++) kept.add(job, 30, `${n}`)
  await kept.flush()
  t.match(said, [[{ err: Error }, 'Redis cannot take the lines of jobs now; trying again'], Array])
  calls.length = 0
  away = false
  await kept.flush()
  t.same(texts(calls, 'a'), Array.from({ length: 1000 }, (_, i) => `${301 + i}`))
  t.same(calls.map(jobs => jobs[0]!.dropped), [300, 0, 0, 0])
  t.notOk(kept.has([job]))
})

t.test('of all jobs together no more than 16 MiB', async t => {
  let away = true
  const { kept, calls } = keptLog(jobs => {
    if (away) throw new QueueUnavailableError('away')
    return all(jobs)
  })
  const owners = Array.from({ length: 20 }, (_, i) => owner(`${i}`))
  const text = 'x'.repeat(8192)
  for (const job of owners) for (let n = 0; n < 128; n++) kept.add(job, 30, text)
  kept.add(owners[0]!, 30, text)
  await kept.flush()
  away = false
  calls.length = 0
  await kept.flush()
  const lines = owners.map(({ id }) => texts(calls, id).length)
  const dropped = owners.map(({ id }) => calls.flat().filter(job => job.id === id).reduce((sum, { dropped }) => sum + dropped, 0))
  t.same(lines, owners.map((_, i) => i < 16 ? 128 : 0))
  t.same(dropped, owners.map((_, i) => i === 0 ? 1 : i < 16 ? 0 : 128))
  for (let n = 0; n < 128; n++) kept.add(owners[19]!, 30, text)
  t.ok(kept.has([owners[19]!]), 'there is room again')
})

t.test('what comes while lines are under way takes room once', async t => {
  let fail: (() => void) | undefined
  const calls: NewLines[][] = []
  const leases = {
    async log (jobs: NewLines[]) {
      if (fail) return await new Promise<never>((_resolve, reject) => { fail = () => reject(new QueueUnavailableError('away')) })
      calls.push(structuredClone(jobs))
      return all(jobs)
    }
  } as unknown as Leases
  const kept = new KeptLog(log, leases)
  t.teardown(() => kept.close())
  // 15 MiB of others, and of one job half a MiB before and after: 16 MiB.
  const owners = Array.from({ length: 16 }, (_, i) => owner(`${i}`))
  const text = 'x'.repeat(8192)
  fail = () => {}
  for (const job of owners.slice(1)) for (let n = 0; n < 128; n++) kept.add(job, 30, text)
  for (let n = 0; n < 64; n++) kept.add(owners[0]!, 30, text)
  const flushed = kept.flush()
  await new Promise(setImmediate)
  for (let n = 0; n < 64; n++) kept.add(owners[0]!, 30, text)
  fail()
  await flushed
  fail = undefined
  await kept.flush()
  t.equal(texts(calls, '0').length, 128)
  t.notOk(calls.flat().some(({ dropped }) => dropped > 0))
})

t.test('what is no longer ours, or settled, is dropped', async t => {
  const { kept, calls } = keptLog(jobs => ({ held: jobs.map(({ id }) => id !== 'lost'), kept: true }))
  const [lost, settled, other] = [owner('lost'), owner('settled'), owner('other')]
  for (let n = 0; n < 300; n++) kept.add(lost, 30, 'x')
  kept.add(other, 30, 'x')
  await kept.flush()
  t.same(calls.map(jobs => jobs.map(({ id, lines }) => [id, lines.length])), [[['lost', 250]], [['other', 1]]])
  t.match(said, [[{ lines: 300 }, /leases had been lost/]])
  kept.add(settled, 30, 'x')
  kept.forget([other, settled])
  t.notOk(kept.has([lost, settled, other]))
  calls.length = 0
  await kept.flush()
  t.same(calls, [])
})

t.test('a mistake of ours is told, and the lines are kept', async t => {
  let wrong = true
  const { kept, calls } = keptLog(jobs => {
    if (wrong) throw new TypeError('x')
    return all(jobs)
  })
  kept.add(owner('a'), 30, 'x')
  await kept.flush()
  t.match(said, [[{ err: TypeError }, 'The lines of jobs could not be kept; trying again']])
  wrong = false
  await kept.flush()
  t.same(texts(calls, 'a'), ['x', 'x'])
})

t.test('what a line says is what comes after the fields that all have', async t => {
  const line = (own: string) => JSON.parse(lineText(`{"level":30,"time":1,"task":"a \\"job_id\\":\\"1\\"","job_id":"1"${own}}\n`, '"job_id":"1"'))
  t.strictSame(line(''), { message: '', fields: {} })
  t.strictSame(line(',"msg":"m"'), { message: 'm', fields: {} })
  t.strictSame(line(',"a":1,"job_id":"1","msg":"m"'), { message: 'm', fields: { a: 1, job_id: '1' } })
  t.strictSame(line(',"a":1,"a":2'), { message: '', fields: { a: 2 } }, 'one of each name')
  t.strictSame(line(',"a":oops,"msg":"m"'), { message: ',"a":oops,"msg":"m"}', fields: {} })
  for (const text of ['x', '"', '\u0001', '😀', 'é']) {
    const json = lineText(`{"job_id":"1","a":1,"b":"${'y'.repeat(5000)}","msg":${JSON.stringify(text.repeat(9000))}}\n`, '"job_id":"1"')
    const { message, fields, cut } = JSON.parse(json)
    t.ok(Buffer.byteLength(json) <= 8192 && Buffer.byteLength(json) > 2000, `${Buffer.byteLength(json)} bytes`)
    t.strictSame([message, fields, cut], [text.repeat(9000).slice(0, message.length), { a: 1 }, true])
    t.ok(message.isWellFormed?.() ?? true)
  }
})
