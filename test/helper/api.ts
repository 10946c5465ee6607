import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyInstance, InjectOptions } from 'fastify'
import createClient from 'openapi-fetch'
import type { Client } from 'openapi-fetch'
import { buildApi } from '../../src/api.ts'
import { loadConfig } from '../../src/config.ts'
import type { paths } from '../../src/contract/paths.ts'
import { operations } from '../contract/contract.ts'
import type { TestRedis } from './redis.ts'

export interface Api {
  app: FastifyInstance
  /** The generated client, straight into the app. */
  client: Client<paths>
  /** A request as it is, for what the client would not send. */
  send: (options: InjectOptions) => Promise<Response>
  post: (url: string, payload: string | Buffer, headers?: Record<string, string>) => Promise<Response>
}

/** The API in this process. Every answer that comes through here is held against the contract: status, headers, type, body. */
export async function startApi (t: { teardown: (fn: () => Promise<void>) => void }, server: TestRedis, env: NodeJS.ProcessEnv = {}): Promise<Api> {
  const app = await buildApi(loadConfig({ ...server.env, LOG_LEVEL: 'silent', ...env }))
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

/** Throws when an answer is not one that the contract gives the operation. Any path may answer some errors, see `info`. */
function check ({ method = 'GET', url }: InjectOptions, response: Response, body: string): void {
  const path = String(url).split('?')[0]!
  const operation = operations.find(operation => operation.method === method && pattern(operation.path).test(path))
  const declared = operation?.value.responses[response.status]
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  const where = `${method} ${url}: ${response.status} ${type}`
  if (!declared) {
    if (operation && ![400, 431].includes(response.status)) throw new Error(`${where} is not in the contract`)
    return
  }
  for (const [name, header] of Object.entries<any>(declared.headers ?? {})) {
    if (header.required && !response.headers.has(name)) throw new Error(`${where} has no ${name}`)
  }
  const media = declared.content?.[type]
  if (!media) throw new Error(`${where}: the contract has ${Object.keys(declared.content ?? {})}`)
  if (type.endsWith('json')) validate(media.schema, JSON.parse(body), where)
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
const compiled = new Map<object, ReturnType<typeof ajv.compile>>()

function validate (schema: object, value: unknown, where: string): void {
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
