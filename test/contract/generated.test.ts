import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { parse } from 'yaml'
import { generate } from '../../src/contract/generator/generate.ts'
import { operations as generated } from '../../src/contract/operations.ts'
import * as schemas from '../../src/contract/schemas.ts'
import { contract, dereference, operations, source } from './contract.ts'

test('the generated files are those that the contract gives now', async t => {
  for (const [path, text] of Object.entries(await generate(source))) {
    t.equal(readFileSync(path, 'utf8'), text, `${path}: run npm run generate`)
  }
})

test('generating twice gives the same', async t => {
  t.strictSame(await generate(source), await generate(source))
})

test('the JSON that tests and clients read says what the YAML does', async t => {
  t.strictSame(contract, parse(source))
})

test('every component is a schema that says the same', async t => {
  t.strictSame(Object.keys(schemas).sort(), Object.keys(contract.components.schemas).sort())
  for (const [name, schema] of Object.entries(schemas)) {
    t.strictSame(plain(schema), plain(dereference(contract.components.schemas[name])), name)
  }
})

test('every operation is an entry that says the same', async t => {
  t.strictSame(Object.keys(generated).sort(), operations.map(({ operationId }) => operationId).sort())
  for (const { operationId, method, path, value } of operations) {
    const entry = plain(generated[operationId as keyof typeof generated])
    t.equal(entry.method, method, operationId)
    t.equal(entry.url, path.replace(/\{(\w+)\}/g, ':$1'), operationId)
    t.strictSame([entry.tag], value.tags, operationId)

    const nameOf = ({ in: where, name }: any) => where === 'header' ? name.toLowerCase() : name
    const parameters = (value.parameters ?? []).map((parameter: any) => [`${parameter.in} ${nameOf(parameter)}`, plain(parameter.schema)])
    t.strictSame({ ...members('path', entry.schema.params), ...members('query', entry.schema.querystring), ...members('header', entry.schema.headers) }, Object.fromEntries(parameters), operationId)
    for (const { name, required, schema, in: where } of value.parameters ?? []) {
      const part = { path: entry.schema.params, query: entry.schema.querystring, header: entry.schema.headers }[where as string]
      t.equal(part.required?.includes(name) ?? false, required === true || schema.default !== undefined, `${operationId}: ${name}`)
    }

    t.strictSame(entry.schema.body, plain(value.requestBody?.content['application/json'].schema), operationId)
    const [needed] = value.security.flatMap(({ apiKey = [] }: { apiKey?: string[] }) => apiKey)
    t.equal(entry.config.access.scope, needed, `${operationId}: its scope`)
    t.equal(entry.config.access === 'open', needed === undefined, `${operationId}: open to all or not`)
    t.equal(entry.config.access.optional === true, value.security.length > 1, `${operationId}: always or not`)
    t.equal(entry.config?.optionalBody, value.requestBody?.required === false ? true : undefined, operationId)
    t.equal(entry.config?.errors, path === '/submit' ? 'submit' : undefined, operationId)
    for (const [status, schema] of Object.entries<any>(entry.schema.response)) {
      const { content } = value.responses[status]
      const expected = content ? plain((content['application/json'] ?? content['text/plain'] ?? content['text/event-stream']).schema) : { type: 'null' }
      t.strictSame(plain(schema), expected, `${operationId}: ${status}`)
    }
    const successes = Object.keys(value.responses).filter(status => status.startsWith('2'))
    t.strictSame(successes.filter(status => !(status in entry.schema.response)), [], `${operationId} can answer its successes`)
  }
})

function members (where: string, part?: { properties: Record<string, unknown> }): Record<string, unknown> {
  return Object.fromEntries(Object.entries(part?.properties ?? {}).map(([name, schema]) => [`${where} ${name}`, schema]))
}

/** As JSON, without the symbols that TypeBox adds; the order of required fields means nothing. */
function plain (schema: unknown): any {
  if (schema === undefined) return undefined
  return JSON.parse(JSON.stringify(schema), (key, value) => key === 'required' && Array.isArray(value) ? value.sort() : value)
}
