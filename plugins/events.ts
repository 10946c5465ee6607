import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Gauge } from 'prom-client'
import { EventStream, GAP, eventsText } from '../src/event-stream.ts'
import type { EventFilter } from '../src/queue/event.ts'
import { BLOCK_MS, Events } from '../src/queue/events.ts'
import { Waiting } from '../src/queue/waiting.ts'

/** Less than what load balancers, and our own connectionTimeout, allow a connection to be silent. */
const HEARTBEAT_MS = 15_000
const MEDIA_TYPE = 'text/event-stream'

declare module 'fastify' {
  interface FastifyInstance {
    /** What happens to jobs, as it happens. */
    events: Events
    /** Waits for jobs to end. */
    waiting: Waiting
    /** Says to all streams that there is nothing to say; done every 15 s. */
    heartbeat (): void
    /** Answers with a stream of events; see `Follow`. */
    follow (request: FastifyRequest, reply: FastifyReply, follow: Follow): Promise<FastifyReply>
  }
}

export interface Follow {
  filter: EventFilter
  /** the id of the last event that the client has */
  after?: string | undefined
  /** What the stream begins with, read when nothing more can be missed, and whether it is also its end. */
  state?: () => Promise<{ text: string, isOver: boolean }>
}

/**
 * Following jobs: one connection to Redis for all streams and all who wait in this process, made when the first of them comes.
 * @param replyTimeoutMs how long Redis may take for a reply
 */
export default fp(async function events (app: FastifyInstance, { replyTimeoutMs }: { replyTimeoutMs: number }) {
  const { keys } = app.queue
  const connect = () => app.redis.duplicate({ connectionName: 'bellhop-events', lazyConnect: true, socketTimeout: BLOCK_MS + replyTimeoutMs })
  const onFault = (err: unknown) => app.log.error({ err }, 'Events cannot be read; trying again')
  const all = new Events({ redis: app.redis, connect, key: keys.events, onFault })
  const waiting = new Waiting(app.queue, all)
  const streams = new Set<EventStream>()

  app.decorate('events', all)
  app.decorate('waiting', waiting)
  app.decorate('follow', async (request: FastifyRequest, reply: FastifyReply, { filter, after, state }: Follow) => {
    const stream = new EventStream(reply.raw, state !== undefined)
    // A client that leaves early must not be followed for.
    reply.raw.once('close', () => stream.destroy())
    stream.following(await all.follow(filter, stream))
    const upTo = all.position
    try {
      const first = await state?.()
      reply.type(MEDIA_TYPE).header('cache-control', 'no-store').header('x-accel-buffering', 'no').header('connection', 'close')
      if (request.method === 'HEAD' || stream.destroyed) {
        stream.destroy()
        return reply.send('')
      }
      streams.add(stream)
      stream.once('close', () => streams.delete(stream))
      begin(stream, filter, after, upTo, first).catch(error => stream.destroy(error))
      return reply.send(stream)
    } catch (error) {
      stream.destroy()
      throw error
    }
  })

  async function begin (stream: EventStream, filter: EventFilter, after: string | undefined, upTo: string, first?: { text: string, isOver: boolean }): Promise<void> {
    if (first) await stream.before(first.text)
    if (after !== undefined) {
      for await (const events of all.history(after, upTo, filter)) {
        if (stream.destroyed) return
        await stream.before(events ? eventsText(events) : GAP)
      }
    }
    stream.open(first?.isOver)
  }

  // eslint-disable-next-line no-new
  new Gauge({
    name: 'event_followers',
    help: 'Streams of events and requests that wait for a job, at this process.',
    registers: [app.metricsRegistry],
    collect () { this.set(all.followers) }
  })

  const heartbeat = () => { for (const stream of streams) stream.heartbeat() }
  app.decorate('heartbeat', heartbeat)
  const heart = setInterval(heartbeat, HEARTBEAT_MS)
  app.addHook('preClose', async () => {
    clearInterval(heart)
    waiting.close()
    for (const stream of streams) stream.end('shutting_down')
  })
  app.addHook('onClose', async () => await all.close())
}, { name: 'events', fastify: '5.x', dependencies: ['queue', 'metrics'] })
