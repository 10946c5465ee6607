import t from 'tap'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'
import { TooLongError, withinTime } from '../../src/time-limit.ts'

// Schemas are written by administrators of one queue, inputs by whoever may submit: neither may stop the service. Where it could be
// stopped, these tests would not end.

const { server, queue } = await startEngine(t)
const { client, post } = await startApi(t, server)
const set = async (input_schemas: object) => await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body: { input_schemas } as never })
t.afterEach(async () => { await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body: { input_schemas: null } }) })

async function submit (body: object, url = '/jobs') {
  const answer = await post(url, JSON.stringify(body))
  return { status: answer.status, body: await answer.json() as { errors: { path: string, message: string }[] } }
}
const statuses = async (inputs: unknown[]) => {
  const all: number[] = []
  for (const input of inputs) all.push((await submit({ task: 'x', input })).status)
  return all
}
const long = 'a'.repeat(100_000)
/** What it takes 2^levels calls to check, and is of a few lines. */
function doubling (levels: number) {
  const $defs = Object.fromEntries(Array.from({ length: levels }, (_, i) => [`l${i}`, { allOf: [{ $ref: `#/$defs/l${i + 1}` }, { $ref: `#/$defs/l${i + 1}` }] }]))
  return { $defs: { ...$defs, [`l${levels}`]: { not: { const: 5 } } }, $ref: '#/$defs/l0' }
}

t.test('patterns that backtracking would not come to an end with', async t => {
  for (const schema of [
    { type: 'string', pattern: '^(a+)+$' },
    { additionalProperties: false, patternProperties: { '^(a|aa)+$': true } }
  ]) {
    t.equal((await set({ x: schema })).response.status, 200)
    const of = (text: string) => 'pattern' in schema ? text : { [text]: 1 }
    t.same(await statuses([of('a'), of(long), of(`${'a'.repeat(50)}!`), of(`${long}!`)]), [201, 201, 400, 400])
  }
})

t.test('patterns that only backtracking can find are refused when they are set', async t => {
  for (const pattern of ['^(?=.*a)', '(?<!a)b', '(a)\\1', '(?<n>a)\\k<n>']) {
    for (const schema of [{ pattern }, { properties: { y: { items: { pattern } } } }, { patternProperties: { [pattern]: true } }]) {
      const { error, response } = await set({ x: schema })
      t.equal(response.status, 400, pattern)
      t.match(error, { errors: [{ path: '/input_schemas/x', message: /the pattern ".+" cannot be used .*without what RE2 cannot do, as look-around and back-references/ }] })
    }
  }
  t.match((await set({ x: { pattern: '(' } })).error, { status: 400, errors: [{ path: '/input_schemas/x' }] })
})

t.test('a format is not sought in a text that is too long for it', async t => {
  await set({ x: { type: 'string', format: 'url' } })
  t.same(await statuses(['https://example.com/a', `http://${':'.repeat(1_000_000)}`]), [201, 400])
})

t.test('whatever else a schema makes of an input, it has an end', async t => {
  let seed = 1
  const random = Array.from({ length: 1_000_000 }, () => 'ab'[(seed = seed * 48_271 % 2_147_483_647) >> 9 & 1]).join('')
  for (const [what, schema, input] of [
    ['schemas that name others twice', doubling(60), 1],
    ['items that are unlike each other', { uniqueItems: true }, Array.from({ length: 70_000 }, (_, i) => [i])],
    ['an expression that is large, however straight it goes', { pattern: '(.{0,100}a){9}d$' }, `d${random}`]
  ] as const) {
    t.equal((await set({ x: schema, y: { type: 'integer' } })).response.status, 200, what)
    const late = /^cannot be checked against the schema of its task: with what came before it in the request it takes longer than 500 ms$/
    t.match(await submit({ task: 'x', input }), { status: 400, body: { errors: [{ path: '/input', message: late }] } }, what)
    t.same([(await submit({ task: 'y', input: 1 })).status, (await submit({ task: 'y', input: '1' })).status], [201, 400], 'the other tasks go on')
  }
  t.match(await set({ x: { anyOf: Array.from({ length: 2500 }, (_, i) => ({ pattern: `${i}x{999}` })) } }), { error: { errors: [{ path: '/input_schemas', message: 'take longer than 500 ms to compile' }] } })
})

t.test('the inputs of a bulk are checked in the time of one', async t => {
  await set({ slow: doubling(60), quick: { type: 'integer' } })
  const { totals } = (await queue.stats('default'))!
  const jobs = [{ task: 'quick', input: 1 }, { task: 'any', input: 1 }, ...Array.from({ length: 900 }, () => ({ task: 'slow', input: 1 }))]
  t.match(await submit({ jobs }, '/jobs/bulk'), { status: 400, body: { errors: [{ path: '/jobs/2/input', message: /takes longer/ }] } })
  t.match(await submit({ jobs: [{ task: 'quick', input: 1 }, { task: 'quick', input: 'x' }, { task: 'slow' }] }, '/jobs/bulk'), { status: 400, body: { errors: [{ path: '/jobs/1/input', message: 'must be an integer' }] } })
  t.equal((await submit({ jobs: jobs.slice(0, 2) }, '/jobs/bulk')).status, 201)
  t.equal((await queue.stats('default'))!.totals.submitted, totals.submitted + 2)
})

t.test('withinTime gives back what there is, and stops what has no end', async t => {
  t.equal(withinTime(1000, () => 5), 5)
  const error = new TypeError('ours')
  t.throws(() => withinTime(1000, () => { throw error }), error)
  t.throws(() => withinTime(20, () => { for (;;); }), TooLongError)
  t.throws(() => withinTime(20, () => /^(a+)+$/.test(`${'a'.repeat(60)}!`)), TooLongError, 'in a regular expression, too')
  t.equal(withinTime(1000, () => 6), 6)
})
