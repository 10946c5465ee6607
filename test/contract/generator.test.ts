import { test } from 'tap'
import { parse, stringify } from 'yaml'
import { generate } from '../../src/contract/generator/generate.ts'

const GOOD = `
openapi: 3.1.0
info: { title: Things, version: 1.0.0 }
tags: [{ name: things }]
paths:
  /things/{id}:
    put:
      operationId: putThing
      tags: [things]
      security: [{ apiKey: [write] }]
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: X-Trace, in: header, schema: { type: string } }
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses:
        '200': { description: fine, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
        '204': { description: nothing }
        '404': { description: none, content: { application/problem+json: { schema: { $ref: '#/components/schemas/Problem' } } } }
components:
  securitySchemes: { apiKey: { type: http, scheme: bearer, x-scopes: { write: 'change', look: 'read' } } }
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: { type: string, pattern: "^it's\\\\d$", description: "It's a name" }
        parent: { $ref: '#/components/schemas/Label', description: 'of another' }
        description: { $ref: '#/components/schemas/Zone' }
    Label: { type: [string, 'null'], default: null }
    Patch: { type: [object, 'null'], additionalProperties: false, properties: { label: { $ref: '#/components/schemas/Label' }, names: { type: [array, 'null'], items: { type: string } } } }
    Zone: { type: string, enum: [a, b] }
    Problem: { type: object, properties: { title: { type: string } } }
    SubmitError: { type: object, properties: { error: { type: string } } }
`

/** The contract above, with the value at `path` changed; `undefined` takes it away. */
function changed (path: (string | number)[], value: unknown, text = GOOD): string {
  const contract = parse(text)
  const last = path.at(-1)!
  const parent = path.slice(0, -1).reduce((node, key) => node[key], contract)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return stringify(contract)
}

test('an object or a list that may be null keeps its keywords', async t => {
  const files = await generate(GOOD)
  t.match(files['src/contract/schemas.ts'], [
    'export const Patch = Type.Unsafe<{ label?: Label, names?: (string)[] | null } | null>({',
    '  ...Type.Object({',
    '    label: Type.Optional(Label),',
    "    names: Type.Optional(Type.Unsafe<(string)[] | null>({ ...Type.Array(Type.String()), type: ['array', 'null'] }))",
    '  }, { additionalProperties: false }),',
    "  type: ['object', 'null']",
    '})'
  ].join('\n'))
})

test('who may call an operation', async t => {
  const access = async (...changes: [path: (string | number)[], value: unknown][]) => {
    const files = await generate(changes.reduce((text, [path, value]) => changed(path, value, text), GOOD))
    return /config: \{ access: (.*) \},$/m.exec(files['src/contract/operations.ts']!)![1]
  }
  const security = [...operation, 'security']
  t.match((await generate(GOOD))['src/contract/operations.ts'], "export const scopes = ['write', 'look'] as const")
  t.equal(await access([security, [{ apiKey: ['look'] }]]), "{ scope: 'look' }")
  t.equal(await access([security, []]), "'open'")
  t.equal(await access([security, [{}, { apiKey: ['look'] }]]), "{ scope: 'look', optional: true }")
  t.equal(await access([[...operation, 'x-queues'], 'own']), "{ scope: 'write', queues: 'own' }")
  const moved = (path: string) => GOOD.replaceAll('/things/{id}:', `${path}:`).replaceAll('name: id,', `name: ${/\{(\w+)\}/.exec(path)![1]},`)
  t.match((await generate(moved('/jobs/{id}/files')))['src/contract/operations.ts'], "access: { scope: 'write', queues: 'job' }")
  t.match((await generate(moved('/queues/{queue}/files')))['src/contract/operations.ts'], "access: { scope: 'write', queues: 'path' }")
})

test('what it writes', async t => {
  const files = await generate(GOOD)
  t.match(files['src/contract/schemas.ts'], [
    "export const Label = Type.Unsafe<string | null>({ type: ['string', 'null'], default: null })",
    'export type Label = Static<typeof Label>',
    '',
    "export const Zone = Type.Unsafe<'a' | 'b'>({ type: 'string', enum: ['a', 'b'] })",
    'export type Zone = Static<typeof Zone>',
    '',
    'export const Thing = Type.Object({',
    "  name: Type.String({ pattern: '^it\\'s\\\\d$', description: 'It\\'s a name' }),",
    "  parent: Type.Optional(Type.Unsafe<Label>({ ...Label, description: 'of another' })),",
    '  description: Type.Optional(Zone)',
    '})'
  ].join('\n'), 'what is referred to comes first')
  t.match(files['src/contract/operations.ts'], [
    '  putThing: {',
    "    method: 'PUT',",
    "    url: '/things/:id',",
    "    tag: 'things',",
    "    config: { access: { scope: 'write' } },",
    '    schema: {',
    '      params: Type.Object({ id: Type.String() }),',
    "      headers: Type.Object({ 'x-trace': Type.Optional(Type.String()) }),",
    '      body: schemas.Thing,',
    '      response: { 200: schemas.Thing, 204: Type.Null() }',
    '    }',
    '  }'
  ].join('\n'), 'errors are not among the answers of a handler')
  t.match(files['clients/typescript/src/contract.ts'], /interface paths[\s\S]*"\/things\/\{id\}"/)
})

const operation = ['paths', '/things/{id}', 'put']
const thing = ['components', 'schemas', 'Thing']

const refused: [why: string, path: (string | number)[], value: unknown, message: RegExp][] = [
  ['a keyword of a string', [...thing, 'properties', 'name', 'contentEncoding'], 'base64', /at \/components\/schemas\/Thing\/properties\/name\/contentEncoding: .* does not know 'contentEncoding'/],
  ['a keyword of another type', [...thing, 'properties', 'name', 'minimum'], 1, /Thing\/properties\/name\/minimum/],
  ['a keyword of an object', [...thing, 'patternProperties'], {}, /Thing\/patternProperties/],
  ['a union', [...thing, 'properties', 'name'], { oneOf: [{ type: 'string' }] }, /Thing\/properties\/name\/oneOf/],
  ['a keyword beside a reference', [...thing, 'properties', 'parent', 'minLength'], 1, /Thing\/properties\/parent\/minLength/],
  ['an unknown type', [...thing, 'properties', 'name', 'type'], 'text', /name\/type: .*'text'/],
  ['an unknown format', [...thing, 'properties', 'name', 'format'], 'date', /name\/format/],
  ['a required property that is not there', [...thing, 'required'], ['label'], /Thing\/required: .*'label'/],
  ['an object that says nothing', [...thing, 'properties', 'name'], { type: 'object' }, /Thing\/properties\/name: an object must have properties/],
  ['an array of nobody knows what', [...thing, 'properties', 'name'], { type: 'array' }, /Thing\/properties\/name: an array must say/],
  ['an unresolved reference', [...thing, 'properties', 'parent', '$ref'], '#/components/schemas/Nope', /parent\/\$ref: there is no #\/components\/schemas\/Nope/],
  ['a reference to elsewhere', [...thing, 'properties', 'parent', '$ref'], 'other.yaml#/Thing', /parent\/\$ref: must refer to/],
  ['a schema that contains itself', [...thing, 'properties', 'parent', '$ref'], '#/components/schemas/Thing', /Thing → Thing/],
  ['no operationId', [...operation, 'operationId'], undefined, /at \/paths\/~1things~1\{id\}\/put: needs an operationId/],
  ['an operationId in another case', [...operation, 'operationId'], 'put_thing', /needs an operationId in camelCase/],
  ['an operationId twice', ['paths', '/others'], { put: { ...parse(GOOD).paths['/things/{id}'].put, parameters: [] } }, /~1others\/put\/operationId: there are two/],
  ['no tag', [...operation, 'tags'], undefined, /put: needs exactly one tag/],
  ['two tags', [...operation, 'tags'], ['things', 'others'], /put: needs exactly one tag/],
  ['a tag that is not declared', [...operation, 'tags'], ['others'], /tags\/0: the tag 'others'/],
  ['a keyword of an operation', [...operation, 'servers'], {}, /put\/servers/],
  ['a keyword of a callback', [...operation, 'callbacks'], { done: { '{$request.body#/url}': { put: {} } } }, /callbacks\/done\/\{\$request\.body#~1url\}\/put/],
  ['a callback without a tag', [...operation, 'callbacks'], { done: { '{$request.body#/url}': { post: { security: [], responses: {} } } } }, /post: needs exactly one tag/],
  ['a callback with credentials', [...operation, 'callbacks'], { done: { '{$request.body#/url}': { post: { tags: ['things'], responses: {} } } } }, /post\/security: must be \[\]/],
  ['a webhook that answers nothing', ['webhooks'], { done: { post: { tags: ['things'], security: [], responses: {} } } }, /webhooks\/done\/post\/responses/],
  ['a keyword of a path', ['paths', '/things/{id}', 'parameters'], [], /\{id\}\/parameters/],
  ['a keyword of a parameter', [...operation, 'parameters', 0, 'style'], 'simple', /parameters\/0\/style/],
  ['a parameter in a cookie', [...operation, 'parameters', 1, 'in'], 'cookie', /parameters\/1\/in/],
  ['a path parameter that the path has not', [...operation, 'parameters', 0, 'name'], 'key', /parameters\/0: the path has no \{key\}/],
  ['a path parameter that is not declared', [...operation, 'parameters'], [], /put: the path's \{id\}/],
  ['a body that is not JSON', [...operation, 'requestBody', 'content'], { 'text/plain': {} }, /content\/text~1plain/],
  ['no answer but errors', [...operation, 'responses'], { 404: parse(GOOD).paths['/things/{id}'].put.responses['404'] }, /put\/responses: there must be an answer/],
  ['a status that is none', [...operation, 'responses', 'default'], { description: 'any' }, /responses\/default: the status/],
  ['errors of two forms', [...operation, 'responses', '400'], { description: 'bad', content: { 'application/json': { schema: { $ref: '#/components/schemas/SubmitError' } } } }, /put\/responses: the errors/],
  ['a keyword of an answer', [...operation, 'responses', '200', 'links'], {}, /responses\/200\/links/],
  ['a keyword of a header', [...operation, 'responses', '200', 'headers'], { Location: { schema: { type: 'string' }, style: 'simple' } }, /headers\/Location\/style/],
  ['a section of the components', ['components', 'links'], {}, /at \/components\/links/],
  ['an operation of which nobody says who may call it', [...operation, 'security'], undefined, /put\/security: an operation must say who may call it/],
  ['a scope that is not declared', [...operation, 'security', 0, 'apiKey', 0], 'drive', /put\/security: there is no scope 'drive'/],
  ['two scopes', [...operation, 'security', 0, 'apiKey'], ['write', 'look'], /put\/security: must name one scope/],
  ['no scope', [...operation, 'security', 0, 'apiKey'], [], /put\/security: must name one scope/],
  ['nothing but nobody', [...operation, 'security'], [{}], /put\/security: must name apiKey once/],
  ['another kind of security', [...operation, 'security'], [{ password: [] }], /put\/security: must name one scope of apiKey/],
  ['another scheme', ['components', 'securitySchemes', 'password'], { type: 'http', scheme: 'basic' }, /securitySchemes\/password: the generator knows only/],
  ['a scheme of another type', ['components', 'securitySchemes', 'apiKey', 'scheme'], 'basic', /securitySchemes\/apiKey: must be http bearer/],
  ['queues that are not the key\'s own', [...operation, 'x-queues'], 'all', /put\/x-queues: must be own/],
  ['security of the whole', ['security'], [], /at \/security/],
  ['a section of the whole', ['jsonSchemaDialect'], {}, /at \/jsonSchemaDialect/],
  ['another version of OpenAPI', ['openapi'], '3.0.3', /at \/openapi/]
]

for (const [why, path, value, message] of refused) {
  test(`it stops at ${why}`, t => t.rejects(generate(changed(path, value)), { name: 'ContractError', message }))
}
