import type { Static, TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import fp from 'fastify-plugin'
import { operations } from './operations.ts'

type Operations = typeof operations
type OperationId = keyof Operations
type Tag = Operations[OperationId]['tag']
type IdsOf<T extends Tag> = { [Id in OperationId]: Operations[Id]['tag'] extends T ? Id : never }[OperationId]

type SchemaOf<Id extends OperationId> = Operations[Id]['schema']
type Part<Id extends OperationId, Name extends string> = SchemaOf<Id> extends Record<Name, infer Schema extends TSchema> ? Static<Schema> : unknown
type Answers<Id extends OperationId> = {
  [Status in keyof SchemaOf<Id>['response']]: SchemaOf<Id>['response'][Status] extends infer Schema extends TSchema ? Static<Schema> : never
}

interface Route<Id extends OperationId> {
  Params: Part<Id, 'params'>
  Querystring: Part<Id, 'querystring'>
  Headers: Part<Id, 'headers'>
  Body: Part<Id, 'body'>
  Reply: Answers<Id>
}

/** What is returned plainly goes out with 200; for every other status return `reply.code(…).send(…)`. Errors are thrown. */
type Handler<Id extends OperationId> =
  (this: FastifyInstance, request: FastifyRequest<Route<Id>>, reply: FastifyReply<Route<Id>>) => Promise<Result<Id>>
type Result<Id extends OperationId> = FastifyReply<Route<Id>> | (Answers<Id> extends { 200: infer Body } ? Body : never)

/**
 * A plugin that serves every operation of one tag. Give the handlers as an object literal, by operationId: one that is
 * missing, that the contract does not have, or that answers otherwise than it says, does not compile.
 */
export function serve<T extends Tag> (tag: T, handlers: { [Id in IdsOf<T>]: Handler<Id> }) {
  return fp(async (app: FastifyInstance) => {
    for (const [id, handler] of Object.entries(handlers) as [OperationId, RouteHandlerMethod][]) {
      const { tag: _, ...route } = operations[id]
      app.route({ ...route, config: { ...route.config, operationId: id }, handler })
    }
  }, { name: `routes-${tag}`, fastify: '5.x', dependencies: ['errors', 'json'] })
}

/** Stops the start when an operation of the contract is not served. Register it with the API's routes. */
export const allServed = fp(async (app: FastifyInstance) => {
  app.addHook('onReady', async () => {
    const missing = Object.entries(operations).filter(([, { method, url }]) => !app.hasRoute({ method, url })).map(([id]) => id)
    if (missing.length > 0) throw new Error(`The contract has operations that nothing serves: ${missing.join(', ')}`)
  })
}, { name: 'all-served', fastify: '5.x' })
