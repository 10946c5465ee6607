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
          callbacks: { done: { $ref: '#/components/callbacks/Done' } },
          requestBody: { required: true, 'x-max-bytes': 100, content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
          responses: { 200: { headers: { Location: {}, Age: { schema: { type: 'integer' } } }, content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } }, 404: {} }
        }
      }
    },
    webhooks: {
      told: {
        post: {
          operationId: 'tell',
          parameters: [{ name: 'signature', in: 'header', required: true, schema: { type: 'string' } }],
          requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Told' } } } },
          responses: { 200: {}, 410: {} }
        }
      }
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      callbacks: { Done: { '{$request.body#/url}': { post: { operationId: 'done', requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Told' } } } }, responses: { 200: {} } } } } },
      parameters: { Size: { name: 'size', in: 'query', schema: { type: 'string', enum: ['s', 'm'] } } },
      schemas: {
        Name: { type: 'string', pattern: '^n' },
        Told: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, note: { type: 'string', maxLength: 5 } } },
        Thing: {
          type: 'object',
          required: ['name'],
          additionalProperties: false,
          properties: {
            name: { type: 'string', minLength: 1, maxLength: 10, pattern: '^a' },
            size: { type: ['integer', 'null'], minimum: 0 },
            inside: { $ref: '#/components/schemas/Thing' },
            tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
            more: { type: 'object', propertyNames: { $ref: '#/components/schemas/Name' }, additionalProperties: { type: 'number' } }
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
  t.same(changed(operation => { operation.responses[201] = operation.responses[200]; delete operation.responses[200] }), ['POST /things: 200: is gone', 'POST /things: 201: is new'])
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
  t.same(changed((_operation, document) => { delete thing(document).properties.more.additionalProperties }), [`${response}.more: additionalProperties was {"type":"number"}, is not there`])
  t.same(changed((_operation, document) => { delete thing(document).properties.tags.items }), [`${response}.tags: items was {"type":"string"}, is not there`])
  t.same(changed((_operation, document) => { document.components.schemas.Name.pattern = '^m' }).length, 2, 'also what a keyword only refers to')
  t.same(changed(operation => { operation.responses[200].headers.Age.schema.type = 'string' }), [`${response}: header Age: type was integer, is string`])
  t.same(changed(operation => { operation.responses[202] = {} }), ['POST /things: 202: is new'])
  t.same(changed(operation => { operation['x-queues'] = 'own' }), ['POST /things: x-queues: was not there, is own'])
  t.same(changed((_operation, { components }) => { components.parameters.Size.style = 'pipeDelimited' }), ['POST /things: parameter size: style was not there, is "pipeDelimited"'])
  t.match(changed((_operation, { components }) => { components.securitySchemes.key = { type: 'apiKey', in: 'header', name: 'x-key' } }), [/^securitySchemes: key: was .*bearer.*, is .*x-key/])
})

t.test('so is what breaks those to whom the service posts, by a webhook or a callback', async t => {
  const both = (what: string) => ['POST /things: callback done POST {$request.body#/url}', 'webhook POST told'].map(where => `${where}: request${what}`)
  const told = ({ components }: any) => components.schemas.Told
  t.same(changed((_operation, document) => { delete told(document).properties.note }), both('.note: is gone'))
  t.same(changed((_operation, document) => { told(document).required = [] }), both('.id: may be missing now'))
  t.same(changed((_operation, document) => { told(document).properties.note.maxLength = 6 }), both('.note: maxLength was 5, is 6'))
  t.same(changed((_operation, { webhooks }) => { delete webhooks.told }), ['webhook POST told: is gone'])
  t.same(changed((_operation, { webhooks }) => { webhooks.told.post.parameters = [] }), ['webhook POST told: parameter signature: is gone'])
  t.same(changed((_operation, { webhooks }) => { webhooks.told.post.parameters[0].required = false }), ['webhook POST told: parameter signature: may be missing now'])
  t.same(changed((_operation, { webhooks }) => { delete webhooks.told.post.responses[410] }), ['webhook POST told: 410: is gone'])
  t.same(changed(operation => { delete operation.callbacks }), ['POST /things: callback done POST {$request.body#/url}: is gone'])
  t.same(changed((_operation, document) => {
    told(document).properties.more = { type: 'string' }
    told(document).required.push('more')
    told(document).properties.note.maxLength = 4
    document.webhooks.others = { post: { responses: {} } }
    document.webhooks.told.post.responses[202] = {}
  }), [], 'that they hear of more breaks nobody')
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
  t.equal(breakingChanges(document, { ...document, webhooks: {} }).length, Object.keys(document.webhooks).length)
  const narrower = contract()
  for (const schema of Object.values<any>(narrower.components.schemas)) schema.required = [...schema.required ?? [], 'another']
  t.ok(breakingChanges(document, narrower).length > 10)
})
