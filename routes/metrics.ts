import { serve } from '../src/contract/serve.ts'

export default serve('metrics', {
  async getMetrics (_request, reply) {
    const text = await this.metricsRegistry.metrics()
    return reply.type(this.metricsRegistry.contentType).code(200).send(text)
  }
})
