import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv } from 'ajv'
import openapiTS, { astToString } from 'openapi-typescript'
import t from 'tap'
import ts from 'typescript'
import { parse } from 'yaml'
import { toOpenApi30 } from '../../src/contract/generator/openapi-3.0.ts'
import { contract, examplesOf, operations, source } from '../contract/contract.ts'
import { command } from '../helper/module.ts'

// The contract as OpenAPI 3.0: is it valid, is all of it there, and does it say the same?

const dir = t.testdir()
const document = toOpenApi30(contract)

/** How many things in each file are no OpenAPI of the version that it says it is. */
async function faults (...files: string[]): Promise<number[]> {
  const { stdout } = await promisify(execFile)('node_modules/.bin/redocly', ['lint', ...files, '--extends=spec', '--format=json'], { maxBuffer: 1e8, env: { ...process.env, REDOCLY_TELEMETRY: 'off' } }).catch(error => error)
  return JSON.parse(`[${stdout.replaceAll('\n}{', '\n},{')}]`).map(({ totals }: any) => totals.errors)
}

t.test('the command writes it, and it is valid', async t => {
  const file = join(dir, 'new/openapi-3.0.yaml')
  const [program, ...args] = command('src/contract/generator/openapi-3.0-main.ts', file)
  await promisify(execFile)(program, args)
  const text = await readFile(file, 'utf8')
  t.strictSame(parse(text), document)
  t.match(document.openapi, /^3\.0\.\d$/)
  const other = join(dir, 'only-the-number.yaml')
  await writeFile(other, source.replace(/^openapi: .*/, 'openapi: 3.0.3'))
  const [converted, unconverted] = await faults(file, other)
  t.equal(converted, 0)
  t.ok(unconverted! > 50, 'with another number alone it is not')
})

t.test('all operations, their parameters, bodies and answers, and all named schemas are there', async t => {
  const shape = ({ paths }: typeof contract) => Object.entries<any>(paths).flatMap(([path, item]) => Object.entries<any>(item).map(([method, { operationId, tags, parameters, requestBody, responses, callbacks }]) =>
    [method, path, operationId, tags, parameters, Object.keys(requestBody?.content ?? {}), Object.entries<any>(responses).map(([status, { $ref, content }]) => [status, $ref, Object.keys(content ?? {})]), Object.keys(callbacks ?? {})]))
  const names = (parameters: any[] = []) => parameters.map(({ $ref, name }) => $ref ?? name)
  const plain = (rows: any[]) => rows.map(([method, path, id, tags, parameters, ...rest]) => [method, path, id, tags, names(parameters), ...rest])
  t.strictSame(plain(shape(document as typeof contract)), plain(shape(contract)))
  t.equal(operations.length, shape(contract).length)
  for (const kind of ['schemas', 'parameters', 'responses', 'headers', 'callbacks', 'securitySchemes']) {
    t.strictSame(Object.keys(document.components[kind] ?? {}), Object.keys(contract.components[kind] ?? {}), kind)
  }
})

t.test('to the compiler it says the same as the contract', async t => {
  const types = join(dir, 'openapi-3.0.ts')
  await writeFile(types, astToString(await openapiTS(structuredClone(document) as never, { defaultNonNullable: false })))
  const webhooks = Object.values<any>(contract.webhooks).map(({ post }) => `'${post.operationId}'`).join(' | ')
  const check = join(dir, 'check.ts')
  await writeFile(check, `
    import type { components, operations } from '${join(process.cwd(), 'clients/typescript/src/contract.ts')}'
    import type { components as components30, operations as operations30 } from './openapi-3.0.ts'
    type Differing<A, B> = { [Key in keyof A | keyof B]: Key extends keyof A & keyof B ? [A[Key], B[Key]] extends [B[Key], A[Key]] ? never : Key : Key }[keyof A | keyof B]
    export const schemas: Differing<components['schemas'], components30['schemas']>[] = []
    export const rest: Differing<Omit<operations, ${webhooks}>, operations30>[] = []
    schemas.push('none')
    rest.push('none')
  `)
  const options: ts.CompilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, allowImportingTsExtensions: true, types: [] }
  const messages = ts.getPreEmitDiagnostics(ts.createProgram([check], options)).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  // So it is known that the types were read: of nothing, there is nothing that differs.
  t.strictSame(messages, Array(2).fill("Argument of type '\"none\"' is not assignable to parameter of type 'never'."))
})

t.test('the examples are valid', async t => {
  const ajv = new Ajv({ strict: false, validateFormats: false, discriminator: true })
  ajv.addSchema(document, 'contract')
  let count = 0
  for (const [path, item] of Object.entries<any>(document.paths)) {
    for (const [method, { responses, requestBody }] of Object.entries<any>(item)) {
      const media = (holder: any, at: string) => Object.keys(holder?.content ?? {}).map(type => [holder.content[type], `${at}/content/${escape(type)}/schema`])
      const at = `#/paths/${escape(path)}/${method}`
      const all = [...media(requestBody, `${at}/requestBody`), ...Object.entries<any>(responses).flatMap(([status, response]) => media(response, `${at}/responses/${status}`))]
      for (const [{ schema, ...rest }, pointer] of all) {
        if (schema.type === 'string') continue
        const validate = ajv.compile({ $ref: `contract${encodeURI(pointer)}` })
        for (const example of examplesOf(rest)) {
          count++
          t.ok(validate(example), pointer, { errors: validate.errors })
        }
      }
    }
  }
  t.ok(count > 80, `${count} examples`)
})

t.test('what the conversion cannot do it refuses', async t => {
  const withType = (type: string[]) => ({ openapi: '3.1.0', info: {}, paths: {}, components: { schemas: { Odd: { type } } } })
  t.throws(() => toOpenApi30(withType(['string', 'array'])), /does not know what is about the type 'array'/)
})

function escape (key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
