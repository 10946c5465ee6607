import t from 'tap'
import { decodeRecord } from '../../src/queue/record.ts'
import { startApi } from '../helper/api.ts'
import { completed, dead, startEngine } from '../helper/engine.ts'

const { server, worker } = await startEngine(t)
const { client, send, post } = await startApi(t, server)

const MIB = 1024 * 1024

// JSON texts, most of which JSON.parse and JSON.stringify would not bring back as they were.
const texts = [
  'null', 'true', '""', '[]', '{}', '[[],{},""]',
  '9007199254740993', '[18446744073709551616,-9007199254740993]', '123456789012345678901234567890.123456789', '1.0', '2.50', '-0', '1e2', '1E+400', '0.1e-30', '0.1e-300', '[0.10,-0.0,1e-400]',
  '{"b":1,"a":2,"10":3,"9":4}', '{"a":1,"a":2}', '{"a":{"a":1,"a":1},"a":[]}', '{"":""}', '{"toJSON":1,"constructor":2,"length":-1,"hasOwnProperty":null}', '"__proto__"',
  '[ 1 , 2 ]', '{"a" : {"b":[]}}', '[\t[\r\n]\n , { } ]',
  '"\\u0041\\/\\u2028"', '"\\ud800"', '{"\\udc00\\ud800":"\\uDFFF"}', '["\\ud83d\\udece","\\n\\/\\b"]', '"\\u0000"', '{"\\u0000":"\\u0000\\u0000"}',
  '"\u2028\u2029\u007f\u0080\ufeff\uffff"', '"\ud83d\udece\ufe0f ünïcödé 漢字 \u202e"', '"line\\nbreak\\ttab"',
  `${'['.repeat(63)}${']'.repeat(63)}`, `${'{"a":['.repeat(31)}${']}'.repeat(31)}`, `"${'x'.repeat(MIB - 100)}"`, `[${'1,'.repeat(MIB / 2 - 100)}1]`,
  '"\\n\\n{\\"task\\":\\"y\\"}\\n"', '"}],\\"input\\":\\"z"', '"$& $1 $` %s \\\\"'
]

// A result is the handler's: these no request may send.
const results = [`${'['.repeat(5000)}${']'.repeat(5000)}`, '{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}', `"${'x'.repeat(2 * MIB)}"`]

/** Whether the job's text has this member, with nothing before or behind its value. */
const has = (job: string, name: string, text: string) => job.includes(`,"${name}":${text},"`)

/** Submits, leases, ends and reads a job; returns what is wrong on the way. */
async function roundTrip (path: '/submit' | '/jobs', input: string, result: string): Promise<string[]> {
  const wrong: string[] = []
  const expect = (ok: boolean, what: string) => { if (!ok) wrong.push(what) }
  const created = await post(path, `{"tags":["a"],"task":"x", "input" :\n${input}\t}`)
  expect(created.ok, `${path}: ${created.status}`)
  if (path === '/jobs') expect(has(await created.text(), 'input', input), 'in the answer')
  const url = created.headers.get('location')!
  const read = async () => await (await send({ url })).text()
  expect(has(await read(), 'input', input), 'when it is queued')

  const turn = await worker().turn({ max: 1 })
  const [leased] = turn.leased
  expect(decodeRecord(leased!.id, leased!.record).input === input, 'to the worker')
  await worker().turn({ settlements: completed(turn, result) })
  const done = await read()
  expect(has(done, 'input', input), 'when it has completed')
  expect(has(done, 'result', result), 'the result')
  return wrong
}

for (const text of texts) {
  t.test(`byte for byte: ${text.slice(0, 40).replace(/[^ -~]/g, '?')}`, async t => {
    for (const path of ['/submit', '/jobs'] as const) t.same(await roundTrip(path, text, text), [], path)
  })
}

t.test('results that no request could send', async t => {
  for (const text of results) t.same(await roundTrip('/jobs', '1.0', text), [], text.slice(0, 40))
})

t.test('of an input that is given twice the last counts, and a key may be written with escapes', async t => {
  const { id } = await (await post('/submit', '{"input":1.0,"task":"x","\\u0069nput":2.0}')).json() as { id: string }
  t.ok(has(await (await send({ url: `/jobs/${id}` })).text(), 'input', '2.0'))
})

t.test('many in one page of dead letters, each as it was', async t => {
  const short = texts.filter(text => text.length < 1000)
  for (const text of short) await post('/jobs', `{"task":"x","input":${text}}`)
  await worker().turn({ settlements: dead(await worker().turn({ max: short.length })) })
  const page = await (await send({ url: '/queues/default/dlq?limit=100' })).text()
  t.same(short.filter(text => !has(page, 'input', text)), [])
  t.equal(JSON.parse(page).items.length, short.length)
})

t.test('the same in fields that are parsed', async t => {
  for (const odd of ['\ud83d\udece \u0000 \n\r\n \u2028 "\\ \u007f', '\ud800', '__proto__ $&', '}\n{"task":"y"}']) {
    const { data } = await client.POST('/jobs', { body: { task: odd, tags: [odd], metadata: { [odd]: odd } } })
    t.match(data, { task: odd, tags: [odd], metadata: { [odd]: odd } })
    const { waiting_for, ...read } = (await client.GET('/jobs/{id}', { params: { path: { id: data!.id } } })).data!
    t.same(read, data)
    t.ok(waiting_for)
    const { data: submitted } = await client.POST('/submit', { body: { task: odd } })
    t.equal(submitted!.task, odd)
  }
})
