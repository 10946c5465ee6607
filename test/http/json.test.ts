import { Type } from '@sinclair/typebox'
import { test } from 'tap'
import { rawJson } from '../../src/raw-json.ts'
import { buildApp, buildEcho, JSON_TYPE, post } from './helper.ts'

const hostile = [
  '9007199254740993', '-9007199254740993', '123456789012345678901234567890', '1.0', '-0', '1e-400', '1E+400', '0.1000000000000000055511151231257827',
  '[]', '{}', '""', 'null', 'false', '[ 1 ,\t2,\r\n3 ]', '{"b":1,"a":2,"1":3,"b":4}', '{"":{"":[[]]}}',
  '"\\u0061\\ud83d\\ude00\\/\\u0000\\ud800"', '"😀 é \u2028\u2029 \ufeff"', '"$& $1 $$ $`"', '"</script><!--"', '{"constructor":1,"toString":null,"toJSON":"x"}',
  '[' + '{"a":'.repeat(30) + '1' + '}'.repeat(30) + ']'
]

test('an input comes back byte for byte', async t => {
  const app = await buildEcho(t)
  for (const input of hostile) {
    const response = await post(app, '/items', `{"task":"a", "input" : ${input} ,"max_attempts":2}`)
    t.equal(response.statusCode, 201)
    t.equal(response.body, `{"task":"a","max_attempts":2,"input":${input}}`)
  }
})

test('requests at the same time get each their own input', async t => {
  const app = await buildEcho(t)
  const inputs = Array.from({ length: 200 }, (_, i) => `${i}.0`)
  const bodies = await Promise.all(inputs.map(async input => (await post(app, '/items', `{"task":"a","input":${input}}`)).body))
  t.same(bodies, inputs.map(input => `{"task":"a","input":${input}}`))
})

test('raw JSON stands anywhere in a reply, with and without a schema', async t => {
  const app = await buildApp(t)
  const value = () => ({ a: rawJson('1.0'), list: [rawJson('2.0'), { deep: rawJson('{ "x" : 3.00 }') }], text: 'plain' })
  const expected = '{"a":1.0,"list":[2.0,{"deep":{ "x" : 3.00 }}],"text":"plain"}'
  app.get('/without', async () => value())
  app.get('/unknown', { schema: { response: { 200: Type.Unknown() } } }, async () => value())
  app.get('/other-status', { schema: { response: { 201: Type.Object({}) } } }, async () => value())
  app.get('/alone', async () => rawJson('[ 1.0 ]'))
  app.get('/page', { schema: { response: { 200: Type.Object({ items: Type.Array(Type.Object({ result: Type.Unknown() })) }) } } },
    async () => ({ items: [{ result: rawJson('1.0') }, { result: 2 }, { result: rawJson('"3"') }] }))

  t.equal((await app.inject('/without')).body, expected)
  t.equal((await app.inject('/unknown')).body, expected)
  t.equal((await app.inject('/other-status')).body, expected)
  t.equal((await app.inject('/alone')).body, '[ 1.0 ]')
  t.equal((await app.inject('/page')).body, '{"items":[{"result":1.0},{"result":2},{"result":"3"}]}')
})

test('a failure in the middle of a reply leaves nothing behind', async t => {
  const app = await buildApp(t)
  app.get('/fails', async () => ({ a: rawJson('"leak"'), b: 1n }))
  app.get('/works', async () => ({ a: rawJson('1.0'), b: rawJson('2.0') }))
  t.equal((await app.inject('/fails')).statusCode, 500)
  t.equal((await app.inject('/works')).body, '{"a":1.0,"b":2.0}')
})

test('outside a reply, raw JSON is its value', async t => {
  t.equal(JSON.stringify({ job: rawJson('{ "a" : 1.0 }') }), '{"job":{"a":1}}')
})

test('what is no JSON is refused with the reason', async t => {
  const app = await buildEcho(t)
  const cases: Array<[string | Buffer, RegExp]> = [
    ['{"task":', /not valid JSON: Unexpected end/],
    ['{"task":"a",}', /not valid JSON: .*position 12/],
    ['{"task":"a"} x', /not valid JSON/],
    ["{'task':'a'}", /not valid JSON/],
    ['{"task":NaN}', /not valid JSON/],
    [Buffer.from('7b227461736b223a22ff227d', 'hex'), /not valid UTF-8/],
    [Buffer.from('{"task":"é"}', 'latin1'), /not valid UTF-8/],
    [Buffer.from('{"task":"a"}', 'utf16le'), /not valid JSON/],
    ['{"task":"a","input":' + '['.repeat(64) + ']'.repeat(64) + '}', /deeper than 64 levels, at character 83/],
    ['['.repeat(500_000), /deeper than 64 levels/],
    ['{"task":"a","input":{"__proto__":{"x":1}}}', /key that is not allowed: __proto__/],
    ['{"task":"a","input":{"__pr\\u006fto__":1}}', /key that is not allowed/],
    ['{"task":"a","input":[{"constructor":{"prototype":{}}}]}', /key that is not allowed/]
  ]
  for (const [payload, detail] of cases) {
    const response = await post(app, '/items', payload)
    t.equal(response.statusCode, 400)
    t.match(response.json(), { type: 'urn:bellhop:problem:malformed', status: 400, detail })
  }
})

test('64 levels and a byte order mark are accepted', async t => {
  const app = await buildEcho(t)
  const input = '['.repeat(63) + ']'.repeat(63)
  const response = await post(app, '/items', `\ufeff{"task":"a","input":${input}}`)
  t.equal(response.body, `{"task":"a","input":${input}}`)
})

test('a body may be left out where the route says so, and only there', async t => {
  const app = await buildApp(t)
  const body = Type.Object({ limit: Type.Optional(Type.Integer()) }, { additionalProperties: false })
  app.post('/optional', { config: { optionalBody: true }, schema: { body } }, async request => request.body)
  app.post('/required', { schema: { body } }, async request => request.body)

  for (const headers of [{}, JSON_TYPE, { 'content-type': 'application/x-www-form-urlencoded' }]) {
    t.equal((await post(app, '/optional', '', headers)).body, '{}')
    t.match((await post(app, '/required', '', headers)).json(), { status: 400, detail: 'the body must be an object' })
  }
  t.equal((await post(app, '/optional', '{"limit":5}')).body, '{"limit":5}')
  t.equal((await post(app, '/optional', 'null')).statusCode, 400, 'null is a body')
  t.equal((await post(app, '/optional', '{"limit":"x"}')).statusCode, 400)
})

test('without a JSON body there is no text', async t => {
  const app = await buildApp(t)
  app.get('/', async request => ({ text: request.jsonText('input') ?? 'none' }))
  t.same((await app.inject('/')).json(), { text: 'none' })
})
