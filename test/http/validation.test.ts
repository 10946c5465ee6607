import { Type } from '@sinclair/typebox'
import { test } from 'tap'
import { buildApp, buildEcho, post } from './helper.ts'

test('each offending field is named, with what would be right', async t => {
  const app = await buildEcho(t)
  const cases: Array<[object, Array<{ path: string, message: string }>]> = [
    [{}, [{ path: '/task', message: 'is required' }]],
    [{ task: '' }, [{ path: '/task', message: 'must have at least 1 character' }]],
    [{ task: 'x'.repeat(257) }, [{ path: '/task', message: 'must have at most 256 characters' }]],
    [{ task: 5 }, [{ path: '/task', message: 'must be a string' }]],
    [{ task: 'a', max_attempts: 101 }, [{ path: '/max_attempts', message: 'must be <= 100' }]],
    [{ task: 'a', max_attempts: 0 }, [{ path: '/max_attempts', message: 'must be >= 1' }]],
    [{ task: 'a', max_attempts: 1.5 }, [{ path: '/max_attempts', message: 'must be an integer' }]],
    [{ task: 'a', priority: 'urgent' }, [{ path: '/priority', message: 'must be one of high, normal, low' }]],
    [{ task: 'a', run_at: 'tomorrow' }, [{ path: '/run_at', message: 'must be a date and time with its zone, such as 2030-01-31T08:00:00Z' }]],
    [{ task: 'a', tags: ['', 'b'] }, [{ path: '/tags/0', message: 'must have at least 1 character' }]],
    [{ task: 'a', tags: ['a', 'b', 'c', 'd'] }, [{ path: '/tags', message: 'must have at most 3 items' }]],
    [{ task: 'a', backoff: {} }, [{ path: '/backoff/type', message: 'is required' }]],
    [{ task: 'a', backoff: { type: 'fixed', 'a/b~c': 1 } }, [{ path: '/backoff/a~1b~0c', message: 'is not a known field' }]],
    [{ taks: 'a' }, [{ path: '/task', message: 'is required' }, { path: '/taks', message: 'is not a known field' }]]
  ]
  for (const [body, errors] of cases) {
    const problem = (await post(app, '/items', JSON.stringify(body))).json()
    t.same(problem, {
      type: 'urn:bellhop:problem:validation',
      title: 'The request is not valid',
      status: 400,
      detail: errors.map(({ path, message }) => `${path.slice(1).replaceAll('/', '.').replace('~1', '/').replace('~0', '~')} ${message}`).join('; '),
      errors
    })
  }
})

test('a body is never coerced', async t => {
  const app = await buildEcho(t)
  for (const field of ['"max_attempts":"5"', '"max_attempts":true', '"max_attempts":null', '"max_attempts":[5]', '"priority":null', '"tags":"a"']) {
    t.equal((await post(app, '/items', `{"task":"a",${field}}`)).statusCode, 400, field)
  }
})

test('a union of objects is not stripped while its branches are tried', async t => {
  const app = await buildApp(t)
  const branch = (kind: string, field: string) => Type.Object({ kind: Type.Literal(kind), [field]: Type.Integer() }, { additionalProperties: false })
  app.post('/union', { schema: { body: Type.Union([branch('a', 'x'), branch('b', 'y')]) } }, async request => request.body as object)
  t.equal((await post(app, '/union', '{"kind":"b","y":1}')).body, '{"kind":"b","y":1}')
  t.equal((await post(app, '/union', '{"kind":"b","x":1}')).statusCode, 400)
})

test('queries, path parameters and headers are coerced, defaulted and checked', async t => {
  const app = await buildApp(t)
  app.get('/things/:id', {
    schema: {
      params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
      querystring: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
        all: Type.Optional(Type.Boolean()),
        tag: Type.Optional(Type.Array(Type.String()))
      }, { additionalProperties: false }),
      headers: Type.Object({ 'x-count': Type.Optional(Type.Integer()) })
    }
  }, async request => request.query as object)
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  t.same((await app.inject(`/things/${id}`)).json(), { limit: 20 })
  t.same((await app.inject(`/things/${id}?limit=5&all=true&tag=a`)).json(), { limit: 5, all: true, tag: ['a'] })
  t.same((await app.inject(`/things/${id}?limit=1000&x=1`)).json().errors, [
    { path: '/query/x', message: 'is not a known field' },
    { path: '/query/limit', message: 'must be <= 100' }
  ])
  t.same((await app.inject(`/things/${id}?limit=`)).json().errors, [{ path: '/query/limit', message: 'must be an integer' }])
  t.match((await app.inject('/things/5')).json(), { detail: 'path.id must be a UUID', errors: [{ path: '/path/id' }] })
  t.same((await app.inject({ url: `/things/${id}`, headers: { 'x-count': 'many' } })).json().errors, [{ path: '/header/x-count', message: 'must be an integer' }])
})

test('unions say what any of their forms would take', async t => {
  const app = await buildApp(t)
  app.post('/', { schema: { body: Type.Object({ at: Type.Union([Type.String(), Type.Null()]), n: Type.Unsafe({ type: ['integer', 'null'] }), e: Type.Unsafe({ enum: ['a', 1] }), c: Type.Literal('x') }) } }, async () => ({}))
  t.same((await post(app, '/', '{"at":1,"n":"x","e":"b","c":"y"}')).json().errors, [
    { path: '/at', message: 'must be a string or must be null' },
    { path: '/n', message: 'must be an integer or null' },
    { path: '/e', message: 'must be one of a, 1' },
    { path: '/c', message: 'must be x' }
  ])
})

test('however much is wrong, the answer is short and quick', async t => {
  const app = await buildEcho(t)
  const few = (await post(app, '/items', JSON.stringify({ task: 'a', tags: Array(500).fill(1) }))).json()
  t.equal(few.errors.length, 20)
  const many = await post(app, '/items', JSON.stringify({ task: 'a', tags: Array(300_000).fill(1) }))
  t.equal(many.json().errors.length, 1, 'only the first is sought in a large body')
  const longKey = await post(app, '/items', JSON.stringify({ task: 'a', ['k'.repeat(100_000)]: 1 }))
  t.ok(longKey.body.length < 2000)
})
