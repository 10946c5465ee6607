import { readFile } from 'node:fs/promises'
import { test, type Test } from 'tap'
import { parse } from 'yaml'
import docs from '../../plugins/docs.ts'
import { buildApp } from './helper.ts'

const CONTRACT = `# a comment, which only the file itself has
openapi: 3.1.0
info: { title: A queue <b>, version: 1.0.0, description: "é" }
paths:
  /things:
    get: { operationId: listThings, responses: { "200": { description: fine } } }
`

async function buildDocs (t: Test) {
  const dir = t.testdir({ 'openapi.yaml': CONTRACT, 'openapi.json': JSON.stringify(parse(CONTRACT)) })
  const app = await buildApp(t)
  await app.register(docs, { yaml: `${dir}/openapi.yaml`, json: `${dir}/openapi.json` })
  return app
}

test('the contract is served byte for byte', async t => {
  const app = await buildDocs(t)
  const response = await app.inject('/openapi.yaml')
  t.equal(response.statusCode, 200)
  t.equal(response.headers['content-type'], 'application/yaml')
  t.equal(response.rawPayload.toString(), CONTRACT)
})

test('and as JSON', async t => {
  const app = await buildDocs(t)
  const response = await app.inject('/openapi.json')
  t.match(response.headers['content-type'], /^application\/json/)
  t.same(response.json(), parse(CONTRACT))
})

test('an unchanged contract is not sent again', async t => {
  const app = await buildDocs(t)
  for (const url of ['/openapi.yaml', '/openapi.json']) {
    const { etag } = (await app.inject(url)).headers
    t.equal((await app.inject({ url, headers: { 'if-none-match': etag } })).statusCode, 304)
    t.equal((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode, 200)
  }
})

test('without the option it is the file beside package.json', async t => {
  const app = await buildApp(t)
  await app.register(docs)
  t.same((await app.inject('/openapi.yaml')).rawPayload, await readFile('openapi.yaml'))
})

test('the page shows our document, from this server alone', async t => {
  const app = await buildDocs(t)
  const page = await app.inject('/docs')
  t.equal(page.statusCode, 200)
  const policy = String(page.headers['content-security-policy'])
  t.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:/)
  t.notMatch(policy, /unsafe|https?:/)

  const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1]!)
  t.ok(files.length >= 5)
  for (const file of files) {
    t.match(file, /^\/docs\/static\//, 'no other host')
    t.equal((await app.inject(file)).statusCode, 200, file)
  }
  t.notMatch(page.body, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/, 'nothing inline, which the policy would stop')
  t.same((await app.inject('/docs/json')).json(), parse(CONTRACT))

  const script = (await app.inject('/docs/static/swagger-initializer.js')).body
  t.match(script, /validatorUrl: null/)
  t.match(script, /resolveUrl\('\.\/json'\)/)
})

test('files outside the page stay outside', async t => {
  const app = await buildDocs(t)
  for (const path of ['../package.json', '..%2fpackage.json', '%2e%2e/package.json', '..%5cpackage.json', 'x%00']) {
    t.match(String((await app.inject(`/docs/static/${path}`)).statusCode), /^4/, path)
  }
})
