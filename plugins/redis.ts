import fastifyRedis from '@fastify/redis'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'
import { whereIs } from '../src/redis-options.ts'

const CONNECT_WITHIN_MS = 5000

export interface RedisPluginOptions {
  redis: RedisOptions
  /** A reply that takes longer means that the connection is dead: it is replaced, and what waits on it fails. */
  replyTimeoutMs: number
}

/**
 * `app.redis`: one connection, which fails at once while Redis is away instead of queueing, and comes back by itself within a
 * second of Redis's return. Ready means connected: a Redis that does not answer within 5 s stops the start.
 */
export default fp(async function redis (app: FastifyInstance, { redis: options, replyTimeoutMs }: RedisPluginOptions) {
  const client = new Redis({
    ...options,
    connectionName: 'bellhop',
    lazyConnect: true,
    connectTimeout: 2000,
    socketTimeout: replyTimeoutMs,
    keepAlive: 10_000,
    // What was under way when a connection broke may have been done or not: whoever asked has to know.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: times => Math.min(50 * 2 ** times, 1000),
    // A Sentinel that comes back is listened to again.
    sentinelReconnectStrategy: () => 1000,
    // After a failover the old master answers so: connect anew.
    reconnectOnError: error => error.message.startsWith('READONLY')
  })
  logChanges(app, client)
  await connect(client, options)
  await app.register(fastifyRedis, { client })

  app.addHook('onClose', async () => {
    // QUIT would wait for a Redis that is away; nothing is under way any more.
    client.disconnect()
  })
}, { name: 'redis', fastify: '5.x' })

async function connect (client: Redis, options: RedisOptions): Promise<void> {
  const deadline = Date.now() + CONNECT_WITHIN_MS
  let reason = ''
  client.on('error', error => { reason = error.message })
  while (Date.now() < deadline) {
    try {
      if (client.status === 'wait' || client.status === 'end') await client.connect()
      if (client.status === 'ready') {
        await client.ping()
        return
      }
    } catch (error) {
      reason ||= (error as Error).message
    }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  client.disconnect()
  throw new Error(`Redis at ${whereIs(options)} does not answer (${reason}). ` +
    'Start it, or say where it is with REDIS_HOST and REDIS_PORT, REDIS_URL or REDIS_SENTINELS.')
}

/** One line when Redis goes and one when it returns, not one for each try. */
function logChanges (app: FastifyInstance, client: Redis): void {
  let wasReady = false
  let closing = false
  app.addHook('preClose', async () => { closing = true })
  client.on('ready', () => {
    if (wasReady) app.log.info('Redis is back')
    wasReady = true
  })
  client.on('error', error => app.log.debug({ err: error }, 'Redis connection error'))
  client.on('close', () => { if (wasReady && !closing) app.log.warn('The connection to Redis is lost: trying again') })
}
