import { serve } from '../src/contract/serve.ts'
import { workerView } from '../src/views.ts'

export default serve('workers', {
  async listWorkers (request) {
    const { items, next_cursor } = await this.workers.list(request.query.limit, request.query.cursor)
    return { items: items.map(workerView), next_cursor }
  }
})
