import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { KeyRing, newKey } from '../../src/auth/keys.ts'
import { command } from '../helper/module.ts'

const sha = (text: string) => createHash('sha256').update(text).digest()

t.test('a key that is made is found by its token alone', async t => {
  const { token, entry } = newKey({ id: 'shop', scopes: ['submit', 'read'], queues: ['mail', 'a.b-c'] })
  t.match(token, /^bh_shop_[\w-]{43}$/)
  const secret = token.slice('bh_shop_'.length)
  t.equal(entry, `shop:${sha(secret).toString('base64url')}:submit+read:mail+a.b-c`, 'the secret is not in it')
  const ring = new KeyRing([entry])
  t.strictSame(ring.find(token), { id: 'shop', scopes: new Set(['submit', 'read']), queues: new Set(['mail', 'a.b-c']) })
  for (const wrong of ['', 'bh_', secret, token.toUpperCase(), `${token} `, token.slice(0, -1), `bh_other_${secret}`, `bh_shop_${'A'.repeat(43)}`]) t.equal(ring.find(wrong), undefined, wrong)
})

t.test('secrets have 32 random bytes', async t => {
  const secrets = Array.from({ length: 100 }, () => newKey({ scopes: ['read'] }).token.split('_').slice(2).join('_'))
  t.equal(new Set(secrets).size, 100)
  for (const secret of secrets) t.equal(Buffer.from(secret, 'base64url').length, 32)
})

t.test('the hash may be in hex; lines that are empty or begin with # are passed over', async t => {
  const { token, entry } = newKey({ id: 'a', scopes: ['work'] })
  const [, hash] = entry.split(':') as [string, string]
  const ring = new KeyRing(['# our keys', '', `  ${entry.replace(hash, Buffer.from(hash, 'base64url').toString('hex'))}  `])
  t.equal(ring.size, 1)
  t.strictSame(ring.find(token), { id: 'a', scopes: new Set(['work']), queues: undefined })
})

t.test('a bad entry is named by its place, and not shown', async t => {
  const hash = sha('hunter2').toString('base64url')
  const bad: [entry: string, message: RegExp][] = [
    [`a_b:${hash}:read`, /the id must be/], [`:${hash}:read`, /the id must be/], [hash, /the hash of .* must be|the id must be/],
    ['a:hunter2:read', /the hash of a/], [`a:${hash}x:read`, /the hash of a/], ['a', /the hash of a/],
    [`a:${hash}`, /the scopes of a/], [`a:${hash}:`, /the scopes of a/], [`a:${hash}:all`, /the scopes of a/], [`a:${hash}:read,submit`, /the scopes of a/],
    [`a:${hash}:read:`, /the queues of a/], [`a:${hash}:read:A`, /the queues of a/], [`a:${hash}:read:b:c`, /the queues of a/],
    [`good:${hash}:read`, /another key with the id good/]
  ]
  for (const [entry, message] of bad) {
    try {
      t.fail(String(new KeyRing([`good:${hash}:read`, entry], 'line')))
    } catch (error) {
      t.match((error as Error).message, message, entry)
      t.match((error as Error).message, /^line 2: /)
      t.notMatch((error as Error).message, /hunter2/)
      if (entry !== hash) t.notMatch((error as Error).message, hash)
    }
  }
})

t.test('digests are compared in constant time, and for unknown ids too', async t => {
  const source = readFileSync('src/auth/keys.ts', 'utf8')
  const find = /find \(token: string\)[^]*?\n {2}\}/.exec(source)![0]
  t.match(find, /timingSafeEqual\(digestOf\(secret!\), key\?\.digest \?\? NOBODYS\)/)
  t.notMatch(find, /(===|!==|equals|compare)[^\n]*(digest|secret)/i, 'nothing else looks at it')
})

t.test('npm run key', async t => {
  const [program, ...first] = command('src/make-key.ts')
  const run = (...args: string[]) => promisify(execFile)(program, [...first, ...args])
  const { stdout } = await run('--scopes', 'submit, read', '--queues', 'mail,images', '--id', 'shop')
  const [token, entry] = stdout.split('\n').filter(line => line.startsWith('  ')).map(line => line.trim()) as [string, string]
  t.match(entry, /^shop:[\w-]{43}:submit\+read:mail\+images$/)
  t.match(new KeyRing([entry]).find(token), { id: 'shop' })
  t.notMatch(entry, token.slice(-43))
  t.match((await run('--scopes', 'admin')).stdout, /\n {2}key-[0-9a-f]{8}:[\w-]{43}:admin\n$/)
  for (const args of [[], ['--scopes', ''], ['--scopes', 'all'], ['--scopes', 'read', '--queues', 'No'], ['--scopes', 'read', '--id', 'a_b'], ['--other', 'x'], ['read']]) {
    await t.rejects(run(...args), { code: 1, stdout: '', stderr: /\n {2}--scopes submit,read/ }, args.join(' '))
  }
})
