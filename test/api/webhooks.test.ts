import t from 'tap'
import type { paths } from '../../clients/typescript/src/contract.ts'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'

const { server, redis, queue, keys } = await startEngine(t)
const { client, post } = await startApi(t, server)

type NewWebhook = paths['/webhooks']['post']['requestBody']['content']['application/json']
type Patch = paths['/webhooks/{id}']['patch']['requestBody']['content']['application/json']
// An address, so that no resolver is asked.
const url = 'https://93.184.215.14/hook'
const create = async (body: Partial<NewWebhook> & Record<string, unknown> = {}) => await client.POST('/webhooks', { body: { url, ...body } as NewWebhook })
const patch = async (id: string, body: Patch & Record<string, unknown>) => await client.PATCH('/webhooks/{id}', { params: { path: { id } }, body })
const read = async (id: string) => await client.GET('/webhooks/{id}', { params: { path: { id } } })

t.test('a webhook is registered, read, changed and deleted; its secret is shown once', async t => {
  const { data, response } = await create({ queues: ['images'], events: ['started', 'failed'], description: 'The shop' })
  t.equal(response.status, 201)
  t.match(data, { url, queues: ['images'], events: ['started', 'failed'], description: 'The shop', enabled: true, secret: /^whsec_[\w+/]{43}=$/, endpoint: { failures: 0 } })
  t.equal(response.headers.get('location'), `/webhooks/${data!.id}`)
  const { secret, ...rest } = data!
  t.strictSame((await read(data!.id)).data, rest)
  t.strictSame((await read(data!.id.toUpperCase())).data, rest)

  const plain = (await create()).data!
  t.match(plain, { queues: [], events: ['completed', 'failed', 'cancelled'], description: undefined })
  t.not(plain.secret, secret)
  t.match((await patch(plain.id, { queues: ['a'], description: 'x' })).data, { url, queues: ['a'], description: 'x', events: ['completed', 'failed', 'cancelled'], secret: undefined })
  t.match((await patch(plain.id, { description: null, events: ['cancelled'], url: 'http://93.184.215.14:8080/' })).data, { url: 'http://93.184.215.14:8080/', queues: ['a'], description: undefined, events: ['cancelled'] })
  t.match((await patch(plain.id, { enabled: false })).data, { enabled: false, disabled: { reason: 'requested', at: String } })
  t.match((await patch(plain.id, { enabled: false })).data, { disabled: { reason: 'requested' } })
  t.match((await patch(plain.id, { url })).data, { enabled: false }, 'what is not named stays')
  t.match((await patch(plain.id, { enabled: true })).data, { enabled: true, disabled: undefined })

  t.equal((await client.DELETE('/webhooks/{id}', { params: { path: { id: plain.id } } })).response.status, 204)
  for (const answer of [await client.DELETE('/webhooks/{id}', { params: { path: { id: plain.id } } }), await read(plain.id), await patch(plain.id, { enabled: true })]) t.equal(answer.response.status, 404)
  t.strictSame(await redis.keys(keys.endpoint('*')), [])
})

t.test('a list has all of them, page by page', async t => {
  const ids: string[] = []
  for (let n = 0; n < 5; n++) ids.push((await create({ description: String(n) })).data!.id)
  const found: string[] = []
  let cursor: string | undefined
  do {
    const { data } = await client.GET('/webhooks', { params: { query: { limit: 2, cursor } } })
    t.ok(data!.items.length <= 2 && data!.items.every(item => !('secret' in item)))
    found.push(...data!.items.map(({ id }) => id))
    cursor = data!.next_cursor ?? undefined
  } while (cursor !== undefined)
  t.strictSame(found, [...ids].sort())
})

t.test('what is not valid is refused, with the field that is wrong', async t => {
  const { id } = (await create()).data!
  const bad: [Partial<NewWebhook> & Record<string, unknown>, string][] = [
    [{ url: undefined }, '/url'], [{ url: 'x' }, '/url'], [{ url: 'ftp://example.com/' }, '/url'], [{ url: 'https://127.0.0.1/' }, '/url'], [{ url: 'http://[::ffff:10.0.0.1]/' }, '/url'],
    [{ url: 'http://2130706433/' }, '/url'], [{ url: 'https://user:x@93.184.215.14/' }, '/url'], [{ url: `https://93.184.215.14/${'x'.repeat(2048)}` }, '/url'], [{ url: 'http://localhost:3000/' }, '/url'],
    [{ queues: ['Images'] }, '/queues/0'], [{ queues: ['a', 'a'] }, '/queues'], [{ events: [] }, '/events'], [{ events: ['progress'] as never }, '/events/0'], [{ events: ['failed', 'failed'] }, '/events'],
    [{ secret: 'whsec_short' }, '/secret'], [{ secret: 'C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }, '/secret'], [{ secret: `whsec_${'A'.repeat(33)}` }, '/secret'], [{ secret: `whsec_${'A'.repeat(42)}B=` }, '/secret'],
    [{ description: 'x'.repeat(257) }, '/description'], [{ enabled: true }, '/enabled'], [{ id: 'x' }, '/id']
  ]
  for (const [body, path] of bad) {
    const { error, response } = await create(body)
    t.equal(response.status, 400, JSON.stringify(body).slice(0, 100))
    t.match(error!.errors, [{ path }], JSON.stringify(body).slice(0, 100))
    if (path !== '/secret' && path !== '/enabled' && body.url !== undefined) t.match((await patch(id, body as Patch)).error?.errors, [{ path }])
  }
  t.equal((await patch(id, {})).response.status, 400)
  t.equal((await client.POST('/webhooks/{id}/rotate', { params: { path: { id } }, body: { secret: `whsec_${'A'.repeat(33)}` } })).response.status, 400)
  t.equal(await redis.hlen(keys.webhooks), 1)
})

t.test('a rotation gives a new secret, with or without a body; a trial is a job', async t => {
  const { id, secret } = (await create()).data!
  const own = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
  const made = await (await post(`/webhooks/${id}/rotate`, '', {})).json() as { secret: string, old_secret_until: string }
  t.match(made, { secret: /^whsec_/, old_secret_until: String })
  t.not(made.secret, secret)
  t.match((await client.POST('/webhooks/{id}/rotate', { params: { path: { id } }, body: { secret: own } })).data, { secret: own })
  t.strictSame(JSON.parse((await redis.hget(keys.webhooks, id))!).secrets.map((each: { secret: string }) => each.secret), [own, made.secret, secret])

  const { data, response } = await client.POST('/webhooks/{id}/test', { params: { path: { id } } })
  t.equal(response.status, 202)
  t.equal(response.headers.get('location'), `/jobs/${data!.job_id}`)
  t.match(await queue.get(data!.job_id), { queue: 'bellhop.webhooks', type: 'webhook', metadata: { webhook_id: id, test: 'true' } })
})

t.test('a callback URL that leads to nobody else is refused, wherever jobs come from', async t => {
  const body = { task: 'x', callback_url: 'http://169.254.169.254/latest' }
  t.match((await client.POST('/jobs', { body: body as never })).error, { status: 400, errors: [{ path: '/callback_url', message: /169\.254\.169\.254, which is not a public address/ }] })
  t.match((await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'x' }, body] } as never })).error, { status: 400, errors: [{ path: '/jobs/1/callback_url' }] })
  t.match((await client.POST('/submit', { body: body as never })).error, { error: /callback_url/ })
  t.match((await client.PUT('/schedules/{name}', { params: { path: { name: 's' } }, body: { every_seconds: 60, job: body } as never })).error, { status: 400, errors: [{ path: '/job/callback_url' }] })
  for (const callback_url of ['x', 'ftp://example.com/', 'https://a@example.com/', `https://example.com/${'x'.repeat(2048)}`, 5, 'http://localhost:6379/']) {
    t.match((await client.POST('/jobs', { body: { task: 'x', callback_url } as never })).error, { status: 400, errors: [{ path: '/callback_url' }] }, String(callback_url).slice(0, 50))
  }
  const { data } = await client.POST('/jobs', { body: { task: 'x', callback_url: 'https://example.com/done?a=1#b' } as never })
  t.match(data, { status: 'queued', callback_url: 'https://example.com/done?a=1#b' })
  t.match((await client.PUT('/schedules/{name}', { params: { path: { name: 's' } }, body: { every_seconds: 60, job: { task: 'x', callback_url: 'https://example.com/' } } as never })).data, { job: { callback_url: 'https://example.com/' } })
})

t.test('the queue of deliveries is not for jobs of clients, but can be looked at and worked with', async t => {
  for (const queue of ['bellhop.webhooks', 'bellhop.other']) t.match((await client.POST('/jobs', { body: { task: 'x', queue } as never })).error, { status: 400, errors: [{ path: '/queue' }] })
  t.match((await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'x', queue: 'bellhop.webhooks' }] } as never })).error, { errors: [{ path: '/jobs/0/queue' }] })
  const { id } = (await create()).data!
  await client.POST('/webhooks/{id}/test', { params: { path: { id } } })
  t.match((await client.GET('/queues/{queue}', { params: { path: { queue: 'bellhop.webhooks' } } })).data, { counts: { queued: 1 } })
  t.equal((await client.POST('/queues/{queue}/pause', { params: { path: { queue: 'bellhop.webhooks' } } })).data!.paused, true)
  t.match((await client.GET('/jobs', { params: { query: { queue: 'bellhop.webhooks', task: 'webhook.test' } } })).data, { items: [{ type: 'webhook', metadata: { webhook_id: id } }] })
})
