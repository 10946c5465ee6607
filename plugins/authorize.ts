import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { forbiddenQueue, forbiddenScope, forbiddenToBound, noToken } from '../src/auth/client.ts'
import type { Access } from '../src/auth/client.ts'
import { noJob } from '../src/problems.ts'
import type { Problem } from '../src/problems.ts'
import { isReserved } from '../src/queue/keys.ts'

/**
 * Refuses who may not call an operation, as the contract says who may (`config.access`, which src/contract/serve.ts hands on). A route
 * of which nothing is said stops the start.
 */
export default fp(async function authorize (app: FastifyInstance) {
  const { authenticates, metricsAuth } = app.config
  const routes: RouteOptions[] = []
  app.addHook('onRoute', route => { routes.push(route) })
  app.addHook('onReady', async () => {
    const unsaid = routes.filter(({ method, config }) => method !== 'OPTIONS' && config?.access === undefined)
    if (unsaid.length > 0) throw new Error(`Nobody says who may call ${unsaid.map(({ method, url }) => `${method} ${url}`).join(', ')}`)
  })
  if (!authenticates) return

  app.addHook('onRequest', (request, _reply, done) => done(refusal(request, metricsAuth)))

  // The id has been validated by then. It takes a call of Redis, but only of keys that are bound, or that may change jobs and no queues:
  // the service's own jobs (a delivery that is cancelled is lost, one that is retried comes twice) are for administrators to change.
  const mayUse = ({ scope }: Exclude<Access, 'open'>): preHandlerAsyncHookHandler => async ({ client, params }) => {
    const changesNoOwn = scope === 'submit' && !client?.scopes.has('admin')
    if (!client || (!client.queues && !changesNoOwn)) return
    const { id } = params as { id: string }
    const queue = await app.queue.queueOf(id)
    if (client.queues && (queue === undefined || !client.queues.has(queue))) throw noJob(id)
    if (changesNoOwn && isReserved(queue)) throw forbiddenScope('admin')
  }
  app.addHook('onRoute', route => {
    const access = route.config?.access
    if (typeof access === 'object' && access.queues === 'job') route.preHandler = [mayUse(access), ...[route.preHandler ?? []].flat()]
  })
}, { name: 'authorize', fastify: '5.x', dependencies: ['identify', 'queue'] })

function refusal ({ client, refusal, params, query, routeOptions: { config: { access } } }: FastifyRequest, metricsAuth: boolean): Problem | undefined {
  if (typeof access !== 'object' || (access.optional && !metricsAuth)) return undefined
  if (!client) return refusal ?? noToken()
  if (!client.scopes.has(access.scope)) return forbiddenScope(access.scope)
  if (!client.queues) return undefined
  if (access.queues === undefined) return forbiddenToBound()
  const named = (params as { queue?: string }).queue ?? (query as { queue?: string }).queue
  if (named !== undefined && !client.queues.has(named)) return forbiddenQueue(named)
}
