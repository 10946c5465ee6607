import type { FastifyInstance } from 'fastify'
import { serve } from '../src/contract/serve.ts'
import { Problem } from '../src/problems.ts'
import { suggestWorkers } from '../src/queue/scale.ts'
import type { QueueStats } from '../src/queue/stats.ts'
import { jobView, queueView, scaleView } from '../src/views.ts'

async function statsOf (app: FastifyInstance, queue: string): Promise<QueueStats> {
  const stats = await app.queue.stats(queue)
  if (!stats) throw new Problem('not-found', `There is no queue ${queue}: nothing has been submitted to it`)
  return stats
}

export default serve('queues', {
  async listQueues (request) {
    const { limit, cursor = '' } = request.query
    const own = request.client?.queues
    const names = (await this.queue.names()).filter(name => name > cursor && (!own || own.has(name)))
    const page = names.slice(0, limit)
    const stats = await Promise.all(page.map(name => this.queue.stats(name)))
    return {
      items: stats.filter(queue => queue !== undefined).map(queueView),
      next_cursor: names.length > page.length ? page.at(-1)! : null
    }
  },

  async getQueue (request) {
    const { queue } = request.params
    const stats = await statsOf(this, queue)
    return { ...queueView(stats), settings: this.queueSettings.of(queue) }
  },

  async getQueueScale (request) {
    const { params: { queue }, query: { concurrency, drain_seconds } } = request
    const [pace, served] = await Promise.all([this.queue.pace(queue), this.workers.queuesServed()])
    const { concurrency: limit, rate_limit } = this.queueSettings.of(queue)
    const suggested_workers = suggestWorkers(pace, { concurrency, drain_seconds, limit: limit ?? undefined, rate_limit })
    return scaleView(pace, served.get(queue) ?? 0, suggested_workers)
  },

  async updateQueue (request) {
    const { queue } = request.params
    const was = await this.queue.stats(queue)
    await this.queueSettings.change(queue, request.body)
    // An empty queue that has no settings any more may be forgotten by now.
    const stats = was ? await this.queue.numbers(queue) : await statsOf(this, queue)
    return { ...queueView(stats), settings: this.queueSettings.of(queue) }
  },

  async pauseQueue (request) {
    const { queue } = request.params
    await this.queue.pause(queue)
    return queueView(await this.queue.numbers(queue))
  },

  async resumeQueue (request) {
    const { queue } = request.params
    await statsOf(this, queue)
    await this.queue.resume(queue)
    return queueView(await this.queue.numbers(queue))
  },

  async purgeQueue (request) {
    return await this.queue.purge(request.params.queue, request.body.statuses ?? ['blocked', 'queued', 'scheduled', 'retrying'])
  },

  async listDeadLetters (request) {
    const { limit, cursor } = request.query
    const { items, next_cursor } = await this.queue.deadLetters(request.params.queue, limit, cursor)
    return { items: items.map(job => jobView(job)), next_cursor }
  },

  async redriveDeadLetters (request) {
    return await this.queue.redrive(request.params.queue, request.body)
  }
})
