import { serve } from '../src/contract/serve.ts'

export default serve('health', {
  async getHealth (_request, reply) {
    const health = await this.health.now()
    return reply.code(health.status === 'unavailable' ? 503 : 200).send(health)
  },

  async getLiveness () {
    return { status: 'ok' }
  },

  async getReadiness (_request, reply) {
    const health = await this.health.ready()
    return reply.code(health.status === 'unavailable' ? 503 : 200).send(health)
  }
})
