import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Gauge } from 'prom-client'
import { Courier } from '../src/leases/courier.ts'
import { Crew } from '../src/leases/crew.ts'
import { Desk } from '../src/leases/desk.ts'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import { Workers } from '../src/queue/workers.ts'
import type { WorkerState } from '../src/queue/workers.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where remote workers get jobs. */
    desk: Desk
    /** The remote workers. */
    crew: Crew
    /** Sees to it that leased jobs arrive. */
    courier: Courier
  }
}

/** The worker protocol: what is behind the operations of the tag `leases`. */
export default fp(async function leases (app: FastifyInstance) {
  const { redis, queue: { keys }, workers } = app
  const onFault = (err: unknown) => {
    if (err instanceof QueueUnavailableError) app.log.debug({ err }, 'Redis cannot serve the remote workers now; trying again')
    else app.log.error({ err }, 'A call for the remote workers failed; trying again')
  }
  const desk = new Desk({ redis, keys, keepOf: queue => app.queueSettings.retention(queue), onFault })
  const crew = new Crew(workers)
  app.decorate('desk', desk)
  app.decorate('crew', crew)
  app.decorate('courier', new Courier(batches => desk.release(batches)))

  const obey = ({ name, state }: { name: string, state: WorkerState }) => {
    crew.told(name, state)
    desk.dismiss(name)
  }
  redis.on('message', (channel: string, message: string) => {
    if (channel === workers.channel) obey(Workers.orderOf(message))
  })
  await redis.subscribe(workers.channel)
  // What was said while the connection was down was not heard.
  redis.on('ready', () => { workers.orders().then(orders => orders.forEach(obey)).catch(onFault) })

  // eslint-disable-next-line no-new
  new Gauge({
    name: 'lease_polls',
    help: 'Remote workers that wait for jobs, at this process.',
    registers: [app.metricsRegistry],
    collect () { this.set(desk.waiting) }
  })

  app.addHook('preClose', async () => desk.dismissAll())
  app.addHook('onClose', async () => await desk.close())
}, { name: 'leases', fastify: '5.x', dependencies: ['queue', 'queue-settings', 'lease-tokens', 'metrics'] })
