import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import type { CryptoKey, JWTPayload } from 'jose'
import t from 'tap'
import { newKey } from '../../src/auth/keys.ts'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'

const rsa = await generateKeyPair('RS256', { extractable: true })
const ec = await generateKeyPair('ES256', { extractable: true })
const rogue = await generateKeyPair('RS256', { extractable: true })
const jwk = async (key: CryptoKey, kid: string, alg: string) => ({ ...await exportJWK(key), kid, alg, use: 'sig' })

let status = 200
const provider = createServer(async (_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ keys: [await jwk(rsa.publicKey as CryptoKey, 'r1', 'RS256'), await jwk(ec.publicKey as CryptoKey, 'e1', 'ES256')] }))
})
await new Promise<void>(resolve => { provider.listen(0, '127.0.0.1', resolve) })
t.teardown(() => { provider.close() })

const ISSUER = 'https://id.example.com/'
const AUDIENCE = 'bellhop'
const env = { JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE, JWT_JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks` }
const key = newKey({ id: 'k', scopes: ['read'] })
const { server, queue } = await startEngine(t)
const api = await startApi(t, server, { ...env, API_KEYS: key.entry })
const now = () => Math.floor(Date.now() / 1000)

function token (claims: JWTPayload = {}, { alg = 'RS256', kid = 'r1', by = rsa.privateKey }: { alg?: string, kid?: string, by?: CryptoKey | Uint8Array } = {}): Promise<string> {
  const payload = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', exp: now() + 600, scope: 'openid read submit', ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(by)
}

const get = async (bearer: string, url = '/jobs', of = api) => await of.send({ url, headers: { authorization: `Bearer ${bearer}` } })

t.test('what the provider has signed is taken, and so are keys', async t => {
  t.equal((await get(await token())).status, 200)
  t.equal((await get(await token({}, { alg: 'ES256', kid: 'e1', by: ec.privateKey }))).status, 200)
  t.equal((await get(await token({ aud: ['other', AUDIENCE] }))).status, 200)
  t.equal((await get(key.token)).status, 200)
  t.equal((await api.send({ url: '/jobs' })).status, 401)
})

t.test('scopes are those of the claim', async t => {
  t.equal((await get(await token({ scope: 'submit admin' }))).status, 403)
  t.equal((await get(await token({ scope: ['read'] }))).status, 200)
  for (const scope of [undefined, '', 7, { read: true }]) t.equal((await get(await token({ scope }))).status, 403, JSON.stringify(scope))
  const other = await startApi(t, server, { ...env, JWT_SCOPES_CLAIM: 'permissions' })
  t.equal((await get(await token({ permissions: ['read'] }), '/jobs', other)).status, 200)
  t.equal((await get(await token(), '/jobs', other)).status, 403)
})

t.test('and so are the queues', async t => {
  await queue.submit({ task: 'x', queue: 'mail' })
  await queue.submit({ task: 'x', queue: 'images' })
  const seen = async (queues: unknown) => (await (await get(await token({ queues }), '/queues')).json() as any).items.map(({ name }: { name: string }) => name)
  t.same(await seen(undefined), ['default', 'images', 'mail'])
  t.same(await seen(['mail']), ['mail'])
  t.same(await seen('mail images'), ['images', 'mail'])
  for (const none of ['', [], 7, {}]) t.same(await seen(none), [], JSON.stringify(none))
})

t.test('what is not right is refused', async t => {
  const none = (claims = {}) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: ISSUER, aud: AUDIENCE, sub: 'ada', exp: now() + 600, scope: 'read', ...claims })).toString('base64url')}.`
  const good = await token()
  const [head, body, signature] = good.split('.') as [string, string, string]
  const bad: Record<string, string> = {
    expired: await token({ exp: now() - 60 }),
    'not yet valid': await token({ nbf: now() + 60 }),
    'without an end': await token({ exp: undefined }),
    'without a subject': await token({ sub: undefined }),
    'an empty subject': await token({ sub: '' }),
    'a very long subject': await token({ sub: 'x'.repeat(300) }),
    'of another issuer': await token({ iss: 'https://id.example.org/' }),
    'for another audience': await token({ aud: 'other' }),
    'signed by another': await token({}, { by: rogue.privateKey }),
    'with an unknown key id': await token({}, { kid: 'r2' }),
    'signed with the public key as a secret': await token({}, { alg: 'HS256', by: new TextEncoder().encode(await exportSPKI(rsa.publicKey)) }),
    'not signed': none(),
    'not signed, but with a signature': none() + signature,
    'changed after it was signed': `${head}.${Buffer.from(Buffer.from(body, 'base64url').toString().replace('read', 'admin')).toString('base64url')}.${signature}`,
    'no JWT': 'a.b.c'
  }
  for (const [why, bearer] of Object.entries(bad)) {
    const answer = await get(bearer)
    t.equal(answer.status, 401, why)
    t.match(answer.headers.get('www-authenticate'), 'error="invalid_token"', why)
  }
})

t.test('when the provider cannot be asked it is nobody\'s fault: 503', async t => {
  const fresh = await startApi(t, server, env)
  status = 500
  const answer = await get(await token(), '/jobs', fresh)
  t.equal(answer.status, 503)
  t.equal(answer.headers.get('retry-after'), '1')
  const away = await startApi(t, server, { ...env, JWT_JWKS_URL: 'http://127.0.0.1:1/jwks' })
  t.equal((await get(await token(), '/jobs', away)).status, 503)
  status = 200
  t.equal((await get(await token(), '/jobs', fresh)).status, 200, 'and then it can')
  t.equal((await fresh.send({ url: '/health' })).status, 200)
})
