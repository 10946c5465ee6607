import { connect, type AddressInfo, type Socket } from 'node:net'
import { Type } from '@sinclair/typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import errors from '../../plugins/errors.ts'
import json from '../../plugins/json.ts'
import limits, { serverOptions } from '../../plugins/limits.ts'
import { rawJson } from '../../src/raw-json.ts'

type Options = Partial<typeof serverOptions> & { logger?: object }

/** An app with the HTTP plugins and no routes; closed when the test ends. */
export async function buildApp (t: Test, options: Options = {}): Promise<FastifyInstance> {
  const app = Fastify({ ...serverOptions, ...options }) as unknown as FastifyInstance
  t.teardown(() => app.close())
  await app.register(errors)
  await app.register(limits)
  await app.register(json)
  return app
}

const NewItem = Type.Object({
  task: Type.String({ minLength: 1, maxLength: 256 }),
  input: Type.Optional(Type.Unknown()),
  priority: Type.Optional(Type.Union([Type.Literal('high'), Type.Literal('normal'), Type.Literal('low')])),
  max_attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  backoff: Type.Optional(Type.Object({ type: Type.String() }, { additionalProperties: false })),
  run_at: Type.Optional(Type.String({ format: 'date-time' })),
  tags: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 3 }))
}, { additionalProperties: false })

const Item = Type.Object({ task: Type.String(), max_attempts: Type.Optional(Type.Integer()), input: Type.Optional(Type.Unknown()) })

interface Body { task: string, max_attempts?: number }

/** `POST /items` answers what it was sent, `POST /submit` has the other form of errors. */
export async function buildEcho (t: Test, options?: Options): Promise<FastifyInstance> {
  const app = await buildApp(t, options)
  app.post<{ Body: Body }>('/items', { schema: { body: NewItem, response: { 201: Item } } }, async (request, reply) => {
    const input = request.jsonText('input')
    return reply.code(201).send({ ...request.body, input: input === undefined ? undefined : rawJson(input) })
  })
  app.post('/submit', { config: { errors: 'submit' }, schema: { body: NewItem } }, async (_request, reply) => reply.code(202).send({ status: 'queued' }))
  return app
}

export const JSON_TYPE = { 'content-type': 'application/json' }

export function post (app: FastifyInstance, url: string, payload: string | Buffer, headers: Record<string, string> = JSON_TYPE) {
  return app.inject({ method: 'POST', url, headers, payload })
}

/** Listens on a free port of the loopback interface and says which. */
export async function listen (app: FastifyInstance): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

/**
 * Sends bytes as they are; resolves with all that came back when the server closes the
 * connection. `react` sees the answer as it arrives and may send more.
 */
export function exchange (port: number, bytes: string, react: (socket: Socket, received: string) => void = () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1')
    socket.on('data', (data: string) => {
      received += data
      react(socket, received)
    })
    // A server that refuses a request need not read the rest of it.
    socket.on('error', error => received === '' ? reject(error) : resolve(received))
    socket.on('close', () => resolve(received))
  })
}
