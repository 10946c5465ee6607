import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { breakingChanges } from '../../script/contract/changes.ts'

const contract = () => parse(readFileSync('openapi.yaml', 'utf8'))

/** A contract with one operation, changed by `change`. */
function changed (change: (operation: any, document: any) => void): string[] {
  const make = () => ({
    openapi: '3.1.0',
    info: { version: '1.0.0' },
    paths: {
      '/things': {
        parameters: [{ name: 'page', in: 'query', schema: { type: 'integer', maximum: 10 } }],
        post: {
          operationId: 'makeThing',
          security: [{ key: ['submit'] }],
          parameters: [{ $ref: '#/components/parameters/Size' }],
          requestBody: { required: true, 'x-max-bytes': 100, content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
          responses: { 200: { headers: { Location: {} }, content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } }, 404: {} }
        }
      }
    },
    components: {
      parameters: { Size: { name: 'size', in: 'query', schema: { type: 'string', enum: ['s', 'm'] } } },
      schemas: {
        Thing: {
          type: 'object',
          required: ['name'],
          additionalProperties: false,
          properties: {
            name: { type: 'string', minLength: 1, maxLength: 10, pattern: '^a' },
            size: { type: ['integer', 'null'], minimum: 0 },
            inside: { $ref: '#/components/schemas/Thing' },
            tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
            more: { type: 'object', additionalProperties: { type: 'number' } }
          }
        }
      }
    }
  })
  const after = make() as any
  change(after.paths['/things'].post, after)
  return breakingChanges(make(), after)
}

const thing = (document: any) => document.components.schemas.Thing

t.test('what breaks a client is found, and where', async t => {
  const request = 'POST /things: request'
  const response = 'POST /things: 200'
  t.same(changed((_operation, { paths }) => { delete paths['/things'] }), ['POST /things: is gone'])
  t.same(changed(operation => { operation.operationId = 'x' }), ['POST /things: operationId: was makeThing, is x'])
  t.same(changed(operation => { operation.security = [{ key: ['admin'] }] }), ['POST /things: security: was [{"key":["submit"]}], is [{"key":["admin"]}]'])
  t.same(changed(operation => { operation.parameters = [] }), ['POST /things: parameter size: is gone'])
  t.same(changed((_operation, { paths }) => { paths['/things'].parameters[0].schema.maximum = 9 }), ['POST /things: parameter page: maximum was 10, is 9'])
  t.same(changed(operation => { operation.parameters.push({ name: 'new', in: 'query', required: true, schema: {} }) }), ['POST /things: parameter new: is required now'])
  t.same(changed((_operation, { components }) => { components.parameters.Size.schema.enum = ['s'] }), ['POST /things: parameter size: enum was ["s","m"], is ["s"]'])
  t.same(changed(operation => { operation.requestBody['x-max-bytes'] = 99 }), [`${request}: x-max-bytes was 100, is 99`])
  t.same(changed(operation => { operation.responses[201] = operation.responses[200]; delete operation.responses[200] }), ['POST /things: 200: is gone'])
  t.same(changed(operation => { delete operation.responses[200].headers.Location }), ['POST /things: 200: header Location: is gone'])
  t.same(changed(operation => { operation.responses[200].content = {} }), [`${response}: application/json is gone`])
  t.same(changed((_operation, document) => { delete thing(document).properties.size }), [`${request}.size: is gone`, `${response}.size: is gone`])
  t.same(changed((_operation, document) => { thing(document).required = [] }), [`${response}.name: may be missing now`])
  t.same(changed((_operation, document) => { thing(document).required.push('size') }), [`${request}.size: is required now`])
  t.same(changed((_operation, document) => { thing(document).properties.name.maxLength = 9 }), [`${request}.name: maxLength was 10, is 9`])
  t.same(changed((_operation, document) => { thing(document).properties.name.maxLength = 11 }), [`${response}.name: maxLength was 10, is 11`])
  t.same(changed((_operation, document) => { thing(document).properties.name.minLength = 2 }), [`${request}.name: minLength was 1, is 2`])
  t.same(changed((_operation, document) => { thing(document).properties.name.pattern = '^b' }), [request, response].map(where => `${where}.name: pattern was "^a", is "^b"`))
  t.same(changed((_operation, document) => { thing(document).properties.size.type = 'integer' }), [`${request}.size: type was integer,null, is integer`])
  t.same(changed((_operation, document) => { thing(document).properties.name.type = ['string', 'null'] }), [`${response}.name: type was string, is string,null`])
  t.same(changed((_operation, document) => { thing(document).properties.tags.items.type = 'integer' }), [request, response].map(where => `${where}.tags[]: type was string, is integer`))
  t.same(changed((_operation, document) => { thing(document).properties.more.additionalProperties = false }), [`${request}.more: additionalProperties was {"type":"number"}, is false`])
})

t.test('what breaks nobody is not', async t => {
  t.same(changed(() => {}), [])
  t.same(changed((operation, document) => {
    operation.description = 'other words'
    operation.parameters.push({ name: 'new', in: 'query', schema: {} })
    operation.requestBody.required = false
    operation.requestBody['x-max-bytes'] = 200
    operation.responses[409] = {}
    delete operation.responses[404]
    document.paths['/others'] = { get: { responses: {} } }
    document.components.parameters.Size.schema.enum.push('l')
    thing(document).properties.colour = { type: 'string' }
  }), [])
  t.same(breakingChanges(contract(), contract()), [])
})

t.test('it reads the whole contract', async t => {
  const document = contract()
  const operations = Object.values<any>(document.paths).flatMap(methods => Object.keys(methods).filter(method => /^(get|put|post|delete|patch|head)$/.test(method)))
  t.equal(breakingChanges(document, { ...document, paths: {} }).length, operations.length)
  const narrower = contract()
  for (const schema of Object.values<any>(narrower.components.schemas)) schema.required = [...schema.required ?? [], 'another']
  t.ok(breakingChanges(document, narrower).length > 10)
})
