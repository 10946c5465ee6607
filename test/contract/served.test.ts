import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { test, type Test } from 'tap'
import { buildApi } from '../../src/api.ts'
import { loadConfig } from '../../src/config.ts'
import { startTestRedis } from '../helper/redis.ts'
import { operations } from './contract.ts'

/** What shows the contract is not in it. */
const DOCS = /^\/(docs(\/.*)?|openapi\.(yaml|json))$/

/** Method and path of every route that the API has. */
async function routesOf (t: Test): Promise<string[]> {
  const redis = await startTestRedis(t)
  const routes: string[] = []
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => { routes.push(...[method].flat().map(one => `${one} ${url}`)) })
  }
  subscribe('fastify.initialization', watch)
  t.teardown(() => unsubscribe('fastify.initialization', watch))
  const app = await buildApi(loadConfig({ ...redis.env, LOG_LEVEL: 'silent' }))
  t.teardown(() => app.close())
  return routes
}

test('what is served is what the contract has, both ways', async t => {
  const routes = await routesOf(t)
  const served = routes.filter(route => {
    const [method, url] = route.split(' ') as [string, string]
    return !DOCS.test(url) && !(method === 'HEAD' && routes.includes(`GET ${url}`))
  })
  t.strictSame(served.sort(), operations.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`).sort())
})
