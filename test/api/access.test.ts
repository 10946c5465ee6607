import type { InjectOptions } from 'fastify'
import t from 'tap'
import { newKey } from '../../src/auth/keys.ts'
import { scopes } from '../../src/contract/operations.ts'
import { examplesOf, operations } from '../contract/contract.ts'
import type { ContractOperation } from '../contract/contract.ts'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'
import { follow } from '../helper/follow.ts'

// Made from the contract: an operation that is added is tried as well.

const OTHER = 'other'
const keys = Object.fromEntries(scopes.map(scope => [scope, newKey({ id: scope, scopes: [scope] })]))
const bound = newKey({ id: 'bound', scopes, queues: [OTHER] })
const { server, queue } = await startEngine(t)
const api = await startApi(t, server, { API_KEYS: [...Object.values(keys), bound].map(({ entry }) => entry).join(), SWEEP_INTERVAL_MS: '60000' })
// In the queue `default`: the bound key is not for it.
let id: string
t.beforeEach(async () => { id = (await queue.submit({ task: 'x', delay_ms: 3_600_000 })).id })

/** The operation as the contract's example asks it, about the job and the queue that there are. */
function request ({ method, path, value }: ContractOperation, token?: string, job = id): InjectOptions {
  const body = value.requestBody && examplesOf(value.requestBody.content['application/json'])[0]
  return {
    method: method as 'GET',
    url: path.replace('{id}', job).replace(/\{\w+\}/g, 'default'),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { payload: JSON.stringify(body) })
  }
}

const isStream = ({ value }: ContractOperation) => value.responses[200]?.content?.['text/event-stream'] !== undefined
const scopeOf = ({ value }: ContractOperation): string | undefined => value.security.flatMap((one: { apiKey?: string[] }) => one.apiKey ?? [])[0]
const guarded = operations.filter(scopeOf)
const open = operations.filter(operation => !scopeOf(operation))

t.test('what is open is what was meant to be', async t => {
  t.strictSame(open.map(({ path }) => path), ['/health', '/health/live', '/health/ready'])
  for (const operation of open) {
    for (const token of [undefined, 'nonsense']) t.equal((await api.send(request(operation, token))).status, 200, `${operation.path}, ${token}`)
  }
})

for (const operation of guarded) {
  const { operationId, path } = operation
  const scope = scopeOf(operation)!

  t.test(`${operationId} without a valid key`, async t => {
    const { token } = keys[scope]!
    const none = await api.send(request(operation))
    t.equal(none.status, 401)
    t.equal(none.headers.get('www-authenticate'), 'Bearer realm="bellhop"', 'no key: no error code (RFC 6750, 3.1)')
    const basic = await api.send({ ...request(operation), headers: { authorization: `Basic ${Buffer.from(token).toString('base64')}` } })
    t.equal(basic.status, 401)
    const wrong = [`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, token.replace(`bh_${scope}`, 'bh_nobody'), token.replace(`bh_${scope}`, 'bh_bound'), token.slice(0, -1), `${token}A`, 'bh_', 'nonsense', 'a.b.c']
    for (const token of wrong) {
      const answer = await api.send(request(operation, token))
      t.equal(answer.status, 401)
      t.equal(answer.headers.get('www-authenticate'), 'Bearer realm="bellhop", error="invalid_token"')
      t.notMatch(await answer.text(), token.slice(-20), 'it does not come back')
    }
    const bodies = new Set<string>()
    for (const token of wrong.slice(0, 4)) bodies.add(await (await api.send(request(operation, token))).text())
    t.equal(bodies.size, 1, 'whether the id or the secret is wrong does not show')
  })

  t.test(`${operationId} with each wrong scope`, async t => {
    for (const other of scopes.filter(name => name !== scope)) {
      const answer = await api.send(request(operation, keys[other]!.token))
      t.equal(answer.status, 403, other)
      t.equal(answer.headers.get('www-authenticate'), `Bearer realm="bellhop", error="insufficient_scope", scope="${scope}"`)
      t.match(await answer.text(), `This needs the scope ${scope}`)
    }
  })

  t.test(`${operationId} with a key that is bound to another queue`, async t => {
    if (path.startsWith('/jobs/{id}')) {
      const [foreign, missing] = [await api.send(request(operation, bound.token)), await api.send(request(operation, bound.token, '01940b6e-5c1f-7a3d-9c0e-000000000000'))]
      t.equal(foreign.status, 404)
      t.equal((await foreign.text()).replace(id, ''), (await missing.text()).replace('01940b6e-5c1f-7a3d-9c0e-000000000000', ''), 'as if there were no such job')
    } else if (path.includes('{queue}')) {
      for (const name of ['default', 'never']) {
        const answer = await api.send({ ...request(operation, bound.token), url: path.replace('{queue}', name) })
        t.equal(answer.status, 403, 'whether there is such a queue or not')
        t.match(await answer.text(), `This key is not for the queue ${name}`)
      }
    } else if (operation.value['x-queues'] === 'own') {
      // Asked by name it is refused; what it shows and does without one is tried in bound-keys.test.ts.
      t.ok(OWN.includes(operationId), `${operationId} says that it holds keys to their queues: try that in bound-keys.test.ts`)
      const named = operation.value.parameters?.some(({ name }: { name: string }) => name === 'queue')
      if (named) t.equal((await api.send({ ...request(operation, bound.token), url: `${path}?queue=default` })).status, 403)
    } else {
      t.equal((await api.send(request(operation, bound.token))).status, 403, 'it is about all queues')
    }
  })
}

/** Tried in bound-keys.test.ts. */
const OWN = ['submitTask', 'createJob', 'createJobs', 'listJobs', 'actOnJobs', 'followEvents', 'listQueues', 'leaseJobs', 'heartbeatLeases', 'settleLeases']

t.test('with the right scope each does what it does', async t => {
  for (const operation of guarded) {
    const { token } = keys[scopeOf(operation)!]!
    const { id } = await queue.submit({ task: 'x', delay_ms: 3_600_000 })
    const asked = request(operation, token, id)
    if (isStream(operation)) {
      const stream = await follow(t, api.app, String(asked.url), { authorization: `Bearer ${token}` })
      t.equal(stream.status, 200, operation.operationId)
      stream.close()
    } else {
      const { status } = await api.send(asked)
      t.ok(status < 400 || [400, 404, 409].includes(status), `${operation.operationId}: ${status}`)
    }
  }
})

t.test('nothing is read of a request that is refused', async t => {
  for (const operation of guarded.filter(({ value }) => value.requestBody)) {
    const answer = await api.send({ ...request(operation), headers: { 'content-type': 'application/json' }, payload: '{"' })
    t.equal(answer.status, 401, operation.operationId)
  }
  t.equal((await api.send({ url: '/jobs/no-uuid' })).status, 401)
  t.equal((await api.send({ method: 'HEAD', url: '/jobs' })).status, 401)
  t.equal((await api.send({ url: '/nothing' })).status, 404, 'which paths there are is no secret: it is in the contract')
  for (const url of ['/docs', '/openapi.yaml', '/openapi.json']) t.equal((await api.send({ url })).status, 200, url)
})

t.test('/metrics without a key, where the settings say so', async t => {
  const open = await startApi(t, server, { API_KEYS: keys.read!.entry, METRICS_AUTH: 'false' })
  t.equal((await open.send({ url: '/metrics' })).status, 200)
  t.equal((await open.send({ url: '/jobs' })).status, 401)
})
