import { resolve } from 'node:path'
import { test } from 'tap'
import ts from 'typescript'

// What the compiler says of routes that keep to the contract and of routes that do not. One program for all snippets.

const HEAD = `
import type { Static } from '@sinclair/typebox'
import type { components } from '../../clients/typescript/src/contract.ts'
import * as schemas from '../../src/contract/schemas.ts'
import { serve } from '../../src/contract/serve.ts'
declare const job: schemas.Job
declare const created: schemas.CreatedJobs
declare const health: schemas.Health
declare const others: Omit<Parameters<typeof serve<'jobs'>>[1], 'createJob' | 'getJob'>
const ok = { ...others, async createJob (_request, reply) { return reply.code(201).send(job) } } satisfies Partial<Parameters<typeof serve<'jobs'>>[1]>
type Same<A, B> = [A, B] extends [B, A] ? true : false
export type Used = [Static<typeof schemas.Job>, components, Same<1, 1>, typeof serve, typeof job, typeof created, typeof health, typeof ok]
`

const good: Record<string, string> = {
  'every operation of the tag, answered as the contract says': `
    export default serve('jobs', {
      ...others,
      async createJob (request, reply) {
        const { task, priority = 'low' } = request.body
        const most: 'high' | 'normal' | 'low' = priority
        this.log.info(task + most)
        return reply.header('location', \`/jobs/\${job.id}\`).code(201).send(job)
      },
      async getJob (request) {
        return { ...job, id: request.params.id }
      }
    })`,
  'parameters with a default are there, others may be missing': `
    export default serve('workers', {
      async listWorkers ({ query }) {
        const limit: number = query.limit
        const cursor: string | undefined = query.cursor
        return { items: [].slice(limit), next_cursor: cursor ?? null }
      },
      async quietWorker ({ params }) { return { id: params.id, state: 'quiet' } },
      async stopWorker ({ params }) { return { id: params.id, state: 'stop' } }
    })`,
  'one of several statuses': `
    export default serve('health', {
      async getHealth (_request, reply) { return reply.code(health.status === 'ok' ? 200 : 503).send(health) },
      async getReadiness () { return health },
      async getLiveness () { return { status: 'ok' } }
    })`,
  'any JSON where the contract allows it': `
    export const any: schemas.Job = { ...job, input: [1, { a: null }], result: 'x' }`,
  'the schemas are the types of the client': `
    type All = { [Name in keyof typeof schemas]: Same<Static<(typeof schemas)[Name]>, components['schemas'][Name]> }
    export const all = {} as All satisfies Record<keyof components['schemas'], true>`
}

const bad: Record<string, [code: string, message: RegExp]> = {
  'a missing handler': ["export default serve('jobs', { ...others, async getJob () { return job } })", /Property 'createJob' is missing/],
  'an operation that the contract has not': ["export default serve('jobs', { ...ok, async getJob () { return job }, async renameJob () { return job } })", /'renameJob' does not exist/],
  'an operation of another tag': ["export default serve('jobs', { ...ok, async getJob () { return job }, async getHealth () { return health } })", /'getHealth' does not exist/],
  'a tag that the contract has not': ["export default serve('job', {})", /'"job"' is not assignable/],
  'a field that the body has not': ["export default serve('jobs', { ...others, async createJob (request, reply) { return reply.code(201).send({ ...job, task: request.body.name }) }, async getJob () { return job } })", /Property 'name' does not exist/],
  'a field of the body taken for another type': ["export default serve('jobs', { ...others, async createJob (request, reply) { return reply.code(201).send({ ...job, attempt: request.body.task }) }, async getJob () { return job } })", /'string' is not assignable to type 'number'/],
  'a field of the body that may be missing': ["export default serve('jobs', { ...others, async createJob (request, reply) { return reply.code(201).send({ ...job, priority: request.body.priority }) }, async getJob () { return job } })", /'undefined' is not assignable/],
  'a parameter that the path has not': ["export default serve('jobs', { ...ok, async getJob (request) { return { ...job, id: request.params.queue } } })", /Property 'queue' does not exist/],
  'a query that the contract has not': ["export default serve('jobs', { ...ok, async getJob (request) { return { ...job, attempt: request.query.limit } } })", /'request.query' is of type 'unknown'/],
  'a status that the contract has not': ["export default serve('jobs', { ...ok, async createJobs (_request, reply) { return reply.code(200).send(created) }, async getJob () { return job } })", /'200' is not assignable to parameter of type '201'/],
  'an error as an answer': ["export default serve('jobs', { ...ok, async getJob (_request, reply) { return reply.code(404).send(job) } })", /'404' is not assignable to parameter of type '200 \| 304'/],
  'no status where it is not 200': ["export default serve('jobs', { ...ok, async createJobs () { return created }, async getJob () { return job } })", /is not assignable to type 'Handler<"createJobs">'/],
  'sent without its status': ["export default serve('jobs', { ...ok, async createJobs (_request, reply) { return reply.send(created) }, async getJob () { return job } })", /Property '201' is missing/],
  'an answer without a field': ["export default serve('jobs', { ...ok, async getJob () { return { id: job.id } } })", /is not assignable to type 'Handler<"getJob">'/],
  'a sent answer without a field': ["export default serve('jobs', { ...ok, async getJob (_request, reply) { return reply.code(200).send({ id: job.id }) } })", /is missing the following properties/],
  'an answer with a value that the contract has not': ["export default serve('jobs', { ...ok, async getJob (_request, reply) { return reply.code(200).send({ ...job, status: 'done' }) } })", /'"done"' is not assignable/],
  'a handler that answers nothing': ["export default serve('jobs', { ...ok, async getJob () {} })", /'void' is not assignable/],
  'a schema that is not the type of the client': ["export const same: Same<schemas.Job, components['schemas']['NewJob']> = true", /'true' is not assignable to type 'false'/]
}

const diagnostics = check({ ...good, ...Object.fromEntries(Object.entries(bad).map(([name, [code]]) => [name, code])) })

for (const name of Object.keys(good)) {
  test(`compiles: ${name}`, async t => t.strictSame(diagnostics.get(name), []))
}

for (const [name, [, message]] of Object.entries(bad)) {
  test(`does not compile: ${name}`, async t => t.match(diagnostics.get(name)?.join('\n'), message))
}

/** The errors in each snippet, by its name. */
function check (snippets: Record<string, string>): Map<string, string[]> {
  const names = Object.keys(snippets)
  const files = new Map(names.map((name, index) => [resolve(`test/contract/snippet-${index}.ts`), HEAD + snippets[name]]))
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.json', ts.sys.readFile).config, ts.sys, '.')
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = path => files.get(path) ?? readFile(path)
  host.fileExists = path => files.has(path) || fileExists(path)
  const paths = [...files.keys()]
  const program = ts.createProgram(paths, options, host)
  return new Map(paths.map((path, index) => [names[index]!, errorsIn(program, path)]))
}

function errorsIn (program: ts.Program, path: string): string[] {
  const file = program.getSourceFile(path)!
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}
