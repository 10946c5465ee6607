import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyInstance, InjectOptions } from 'fastify'
import createClient from 'openapi-fetch'
import type { Client } from 'openapi-fetch'
import { buildApi } from '../../src/api.ts'
import { loadConfig } from '../../src/config.ts'
import type { paths } from '../../clients/typescript/src/contract.ts'
import { contract, dereference, operations } from '../contract/contract.ts'
import type { TestRedis } from './redis.ts'

export interface Api {
  app: FastifyInstance
  /** The generated client, straight into the app. */
  client: Client<paths>
  /** A request as it is, for what the client would not send. */
  send: (options: InjectOptions) => Promise<Response>
  post: (url: string, payload: string | Buffer, headers?: Record<string, string>) => Promise<Response>
}

/** What this process has been answered so far: `<operationId> <status>`. */
export const answered = new Set<string>()

/** The API in this process, which the machine may make late. Every answer that comes through here is held against the contract: status, headers, type, body. */
export async function startApi (t: { teardown: (fn: () => Promise<void>) => void }, server: TestRedis, env: NodeJS.ProcessEnv = {}): Promise<Api> {
  const app = await buildApi(loadConfig({ ...server.env, LOG_LEVEL: 'silent', MAX_EVENT_LOOP_DELAY_MS: '0', ...env }))
  t.teardown(async () => { await app.close() })

  const send = async (options: InjectOptions): Promise<Response> => {
    const { statusCode, headers, body } = await app.inject(options)
    const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string])
    const response = new Response([204, 304].includes(statusCode) ? null : body, { status: statusCode, headers: given })
    check(options, response, body)
    return response
  }
  const client = createClient<paths>({
    baseUrl: 'http://bellhop',
    async fetch (request: Request) {
      const { pathname, search } = new URL(request.url)
      const payload = await request.text()
      const headers = Object.fromEntries(request.headers)
      return await send({ method: request.method as 'GET', url: pathname + search, headers, ...(payload !== '' && { payload }) })
    }
  })
  return { app, client, send, post: (url, payload, headers = { 'content-type': 'application/json' }) => send({ method: 'POST', url, payload, headers }) }
}

/** Beside what an operation lists, any request may be answered these; without an operation, nothing else. */
const ANY_REQUEST = [400, 408, 431]
const NO_OPERATION = [...ANY_REQUEST, 404, 405]
const PROBLEM = { content: { 'application/problem+json': { schema: dereference(contract.components.schemas.Problem) } } }
/** What shows the contract is not in it. */
const DOCS = /^\/(docs(\/.*)?|openapi\.(yaml|json))$/

/** Throws when an answer is not one that the contract gives the operation. */
export function check ({ method = 'GET', url }: InjectOptions, response: Response, body: string): void {
  const path = String(url).split('?')[0]!
  if (DOCS.test(path) || (method === 'OPTIONS' && response.status === 204)) return
  const isHead = method === 'HEAD'
  const operation = operations.find(operation => operation.method === (isHead ? 'GET' : method) && pattern(operation.path).test(path))
  const isAnyones = (operation ? ANY_REQUEST : NO_OPERATION).includes(response.status)
  const declared = operation?.value.responses[response.status] ?? (isAnyones ? PROBLEM : undefined)
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  const where = `${method} ${url}: ${response.status} ${type}`
  if (!declared) throw new Error(`${where} is not in the contract`)
  for (const [name, { required, schema }] of Object.entries<any>(declared.headers ?? {})) {
    const value = response.headers.get(name)
    if (value !== null) validate(schema, schema.type === 'integer' ? Number(value) : value, `${where}, ${name}`)
    else if (required) throw new Error(`${where} has no ${name}`)
  }
  const media = declared.content?.[type]
  if (declared.content && !media) throw new Error(`${where}: the contract has ${Object.keys(declared.content)}`)
  if ((isHead || !declared.content) && body !== '') throw new Error(`${where} has a body`)
  if (media && !isHead && type.endsWith('json')) {
    const value = JSON.parse(body)
    validate(media.schema, value, where)
    if (type === 'application/problem+json' && value.status !== response.status) throw new Error(`${where} says ${value.status} in its body`)
  }
  if (operation && !isHead) answered.add(`${operation.operationId} ${response.status}`)
}

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allErrors: true })
ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
// The contract's conventions: in UTC, with milliseconds.
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
ajv.addFormat('uri', text => URL.canParse(text))
ajv.addFormat('uri-reference', text => URL.canParse(text, 'http://bellhop'))
const compiled = new Map<object, ReturnType<typeof ajv.compile>>()

export function validate (schema: object, value: unknown, where: string): void {
  let isValid = compiled.get(schema)
  if (!isValid) compiled.set(schema, isValid = ajv.compile(closed(schema) as object))
  if (!isValid(value)) throw new Error(`${where}: ${ajv.errorsText(isValid.errors)}`)
}

/** The schema with nothing allowed that it does not name: what is answered shall be documented. */
function closed (schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return typeof inner.properties === 'object' && inner.type === 'object' ? { additionalProperties: false, ...inner } : inner
}

function pattern (path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)
}
