import t from 'tap'
import { startApi } from '../helper/api.ts'
import { completed, startEngine } from '../helper/engine.ts'

const { server, worker } = await startEngine(t)
const { send, post } = await startApi(t, server)

// JSON texts that JSON.parse and JSON.stringify would not bring back as they were.
const texts = [
  '9007199254740993', '-0', '1.0', '1e2', '1E+400', '0.1e-300', '123456789012345678901234567890.123456789', '2.50', '[]', '{}', '""', 'null', 'true',
  '{"b":1,"a":2,"10":3,"9":4}', '{"a":1,"a":2}', '[ 1 , 2 ]', '{"a" : {"b":[]}}', '"\\u0041\\/\\u2028"', '"\\ud800"', '"\\u0000"', '"\u2028\u2029\u007f"',
  '"\ud83d\udece️ ünïcödé 漢字 \u202e"', '"line\\nbreak\\ttab"', `${'['.repeat(63)}${']'.repeat(63)}`, `"${'x'.repeat(1_000_000)}"`, '{"":""}', '{"toJSON":1,"constructor":2,"length":-1}',
  '"\\n\\n{\\"task\\":\\"y\\"}\\n"', '"}],\\"input\\":\\"z"'
]

for (const text of texts) {
  t.test(`byte for byte: ${text.slice(0, 40).replace(/[^ -~]/g, '?')}`, async t => {
    const created = await post('/jobs', `{"task":"x","input":${text},"tags":["a"]}`)
    const body = await created.text()
    t.equal(created.status, 201)
    t.ok(body.includes(`"input":${text}`), 'in the answer')
    const url = created.headers.get('location')!
    t.ok((await (await send({ url })).text()).includes(`"input":${text}`), 'from Redis')

    await worker().turn({ settlements: completed(await worker().turn({ max: 1 }), text) })
    const done = await (await send({ url })).text()
    t.ok(done.includes(`"input":${text}`) && done.includes(`"result":${text}`), 'when it has completed')
  })
}

t.test('the same in fields that are parsed', async t => {
  const odd = '\ud83d\udece \u0000 \n\r\n \u2028 "\\ \u007f'
  const created = await post('/jobs', JSON.stringify({ task: odd, tags: [odd], metadata: { [odd]: odd } }))
  t.match(await (await send({ url: created.headers.get('location')! })).json(), { task: odd, tags: [odd], metadata: { [odd]: odd } })
})

t.test('too deep, too large, poisoned', async t => {
  for (const [body, status] of [
    [`{"task":"x","input":${'['.repeat(64)}${']'.repeat(64)}}`, 400],
    [`{"task":"x","input":"${'x'.repeat(1024 * 1024)}"}`, 413],
    ['{"task":"x","input":{"__proto__":1}}', 400]
  ] as const) t.equal((await post('/jobs', body)).status, status)
})
