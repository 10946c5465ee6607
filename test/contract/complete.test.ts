import { test } from 'tap'
import { Problem } from '../../src/problems.ts'
import type { ProblemCode } from '../../src/problems.ts'
import { validatorCompiler } from '../../src/validator.ts'
import { contract, dereference, examplesOf, operations, schemasIn } from './contract.ts'

const compile = validatorCompiler(() => ({}))

/** What the API's validator has against `value`: '' if nothing. */
function against (schema: object, value: unknown, httpPart = 'body'): string {
  const validate = compile({ schema, httpPart, method: 'POST', url: '/' } as never) as unknown as { (value: unknown): boolean, errors?: unknown }
  return validate(structuredClone(value)) ? '' : JSON.stringify(validate.errors)
}

for (const { operationId, method, path, value } of operations) {
  test(`${operationId} is described`, async t => {
    t.match(value.summary, /\S/)
    t.match(value.description, /\S/)
    t.equal(value.tags.length, 1)
    for (const [status, answer] of Object.entries<any>(value.responses)) {
      t.match(answer.description, /\S/, status)
      for (const [name, header] of Object.entries<any>(answer.headers ?? {})) t.match(header.description, /\S/, `${status} ${name}`)
    }
    for (const parameter of value.parameters ?? []) t.match(parameter.description, /\S/, parameter.name)
  })

  test(`${operationId} has examples, and they are valid`, async t => {
    const media = [
      ...Object.values<any>(value.requestBody?.content ?? {}),
      ...Object.values<any>(value.responses).flatMap(({ content }) => Object.values<any>(content ?? {})),
      ...value.parameters ?? [],
      ...Object.values<any>(value.responses).flatMap(({ headers }) => Object.values<any>(headers ?? {}))
    ]
    t.not(media.length, 0)
    for (const each of media) {
      const examples = examplesOf(each)
      t.not(examples.length, 0)
      for (const example of examples) t.equal(against(each.schema, example), '')
    }
  })

  test(`${operationId} declares its errors`, async t => {
    const declared = Object.keys(value.responses)
    const expected = ['500', '503']
    if (value.security.length > 0) expected.push('401', '403', '429')
    if (value.requestBody || value.parameters) expected.push('400')
    if (value.requestBody) expected.push('413', '415')
    if (path.includes('{id}') || (path.includes('{name}') && operationId !== 'putSchedule') || ['getQueue', 'updateQueue', 'resumeQueue'].includes(operationId)) expected.push('404')
    if (path.startsWith('/jobs/{id}') && method !== 'GET') expected.push('409')
    if (['submitTask', 'createJob', 'createJobs'].includes(operationId)) expected.push('409', '422')
    if (['updateQueue', 'putSchedule', 'runSchedule', 'createWebhook', 'rotateWebhook'].includes(operationId)) expected.push('409')
    if (operationId === 'editJob') expected.push('412')
    t.strictSame(declared.filter(status => status >= '400').sort(), expected.sort())

    for (const status of declared.filter(status => status >= '400')) {
      const { content, headers } = value.responses[status]
      if (path === '/submit') {
        t.strictSame(content['application/json'].schema, dereference(contract.components.schemas.SubmitError), status)
      } else {
        const example = examplesOf(content['application/problem+json'])[0] as Problem['body'] extends () => infer Body ? Body : never
        t.equal(example.status, Number(status), 'the example is of this status')
        const { type, title } = new Problem(example.type.split(':').at(-1) as ProblemCode, '').body()
        t.strictSame([example.type, example.title], [type, title], 'and says what the API says')
      }
      if (status === '429' || (status === '503' && !path.startsWith('/health'))) t.ok(headers?.['Retry-After'], `${status} says when to try again`)
    }
    const created = value.responses['201'] ?? value.responses['202']
    // Many things have many addresses: those say their ids.
    if (method === 'POST' && created && operationId !== 'createJobs') t.ok(created.headers.Location, 'what is created has an address')
  })
}

test('what is posted to others is described, and its examples are valid', async t => {
  const sent = [...Object.values<any>(contract.webhooks), ...Object.values<any>(contract.components.callbacks).flatMap(callback => Object.values<any>(callback))]
  t.equal(sent.length, 4)
  for (const { post } of sent.map(dereference)) {
    t.match(post, { summary: /\S/, description: /\S/ })
    for (const media of [post.requestBody.content['application/json'], ...post.parameters]) {
      for (const example of examplesOf(media)) t.equal(against(media.schema, example), '', post.operationId)
      t.ok(examplesOf(media).length > 0)
    }
  }
  for (const { operationId, value } of operations) t.equal(value.callbacks !== undefined, ['submitTask', 'createJob', 'createJobs'].includes(operationId), operationId)
  const fields = (name: string) => Object.keys(contract.components.schemas[name].properties)
  t.strictSame(fields('JobMessageData').filter(name => name !== 'result_left_out_bytes').sort(), fields('Job').filter(name => !['input', 'waiting_for', 'progress'].includes(name)).sort())
})

test('every field has a description, and every default and example is valid', async t => {
  for (const [name, component] of Object.entries<any>(contract.components.schemas)) {
    for (const [at, schema] of schemasIn(dereference(component), name)) {
      t.match(schema.description, /\S/, at)
      for (const value of [...('default' in schema ? [schema.default] : []), ...schema.examples ?? []]) t.equal(against(schema, value), '', at)
    }
  }
})

test('requests take no unknown field and have limits', async t => {
  for (const { operationId, value } of operations) {
    const schema = value.requestBody?.content['application/json'].schema
    if (!schema) continue
    for (const [at, inner] of schemasIn(schema, operationId)) {
      if ([inner.type].flat().includes('object')) t.ok(inner.additionalProperties === false || inner.maxProperties > 0, `${at}: unknown fields`)
      if ([inner.type].flat().includes('string')) t.ok(inner.maxLength ?? inner.enum ?? inner.pattern ?? inner.format, `${at}: length`)
      if ([inner.type].flat().includes('array')) t.ok(inner.maxItems, `${at}: number of items`)
      if ([inner.type].flat().some(type => ['number', 'integer'].includes(type))) t.ok(inner.minimum !== undefined && inner.maximum !== undefined, `${at}: range`)
    }
  }
})

test('the jobs of a schedule can be all that a job can, but for what is about one moment or other jobs', async t => {
  const fields = (name: string) => Object.keys(contract.components.schemas[name].properties).sort()
  const others = ['run_at', 'delay_seconds', 'expires_at', 'depends_on', 'on_parent_failure']
  t.strictSame(fields('JobTemplate'), fields('NewJob').filter(name => !others.includes(name)))
})

test('the types of problems that the contract lists are those that the API has', async t => {
  const listed = [...contract.components.schemas.Problem.properties.type.description.matchAll(/^- `([\w-]+)` \((\d+)\)/gm)]
  t.ok(listed.length > 5)
  for (const [, code, status] of listed) t.equal(new Problem(code as ProblemCode, '').statusCode, Number(status), code)
})

test('the validator finds what is wrong, as the tests above need it to', async t => {
  t.match(against(dereference(contract.components.schemas.NewJob), { task: '' }), /minLength/)
  t.match(against(dereference(contract.components.schemas.Job), {}), /required/)
  t.match(against({ type: 'string', format: 'date-time' }, 'today'), /format/)
})
