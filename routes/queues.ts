import { serve } from '../src/contract/serve.ts'
import { Problem } from '../src/problems.ts'
import { jobView, queueView } from '../src/views.ts'

export default serve('queues', {
  async listQueues (request) {
    const { limit, cursor = '' } = request.query
    const names = (await this.queue.names()).filter(name => name > cursor)
    const page = names.slice(0, limit)
    const stats = await Promise.all(page.map(name => this.queue.stats(name)))
    return {
      items: stats.filter(queue => queue !== undefined).map(queueView),
      next_cursor: names.length > page.length ? page.at(-1)! : null
    }
  },

  async getQueue (request) {
    const { queue } = request.params
    const stats = await this.queue.stats(queue)
    if (!stats) throw new Problem('not-found', `There is no queue ${queue}: nothing has been submitted to it`)
    return queueView(stats)
  },

  async listDeadLetters (request) {
    const { limit, cursor } = request.query
    const { items, next_cursor } = await this.queue.deadLetters(request.params.queue, limit, cursor)
    return { items: items.map(jobView), next_cursor }
  },

  async redriveDeadLetters (request) {
    return await this.queue.redrive(request.params.queue, request.body)
  }
})
