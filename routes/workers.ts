import type { FastifyInstance } from 'fastify'
import type { WorkerOrder } from '../src/contract/schemas.ts'
import { serve } from '../src/contract/serve.ts'
import { Problem } from '../src/problems.ts'
import { workerView } from '../src/views.ts'

export default serve('workers', {
  async listWorkers (request) {
    const { items, next_cursor } = await this.workers.list(request.query.limit, request.query.cursor)
    return { items: items.map(workerView), next_cursor }
  },

  async quietWorker (request) {
    return await order(this, request.params.id, 'quiet')
  },

  async stopWorker (request) {
    return await order(this, request.params.id, 'stop')
  }
})

async function order (app: FastifyInstance, id: string, wanted: 'quiet' | 'stop'): Promise<WorkerOrder> {
  const state = await app.workers.order(id, wanted)
  if (!state) throw new Problem('not-found', `There is no live worker ${id}`)
  return { id, state }
}
