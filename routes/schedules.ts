import type { FastifyInstance } from 'fastify'
import { serve } from '../src/contract/serve.ts'
import { memberText, scanJson } from '../src/json-text.ts'
import { Problem } from '../src/problems.ts'
import type { JobSpec } from '../src/queue/job.ts'
import type { Schedule } from '../src/queue/schedules.ts'
import { scheduleSpec } from '../src/schedule-spec.ts'
import { checkSpec, refusal } from '../src/submit-request.ts'
import { refuse } from '../src/validation-errors.ts'
import { jobView, scheduleView } from '../src/views.ts'

export default serve('schedules', {
  async listSchedules (request) {
    const { items, next_cursor } = await this.schedules.list(request.query.limit, request.query.cursor)
    return { items: items.map(schedule => scheduleView(schedule)), next_cursor }
  },

  async getSchedule (request) {
    return await view(this, request.params.name)
  },

  async putSchedule (request, reply) {
    const { name } = request.params
    const input = memberText(scanJson(request.jsonText('job')!, Infinity), 'input')
    const spec = scheduleSpec(request.body, input)
    checkSpec(this, spec.job, '/job')
    refuse(this.queueSettings.settle({ ...spec.job }, request.body.job.input, '/job'))
    const result = await this.schedules.put(name, spec, request.body.paused)
    this.lookForSlots()
    return reply.code(result === 'created' ? 201 : 200).send(await view(this, name))
  },

  async deleteSchedule (request, reply) {
    const { name } = request.params
    if (!await this.schedules.remove(name)) throw noSchedule(name)
    return reply.code(204).send(null)
  },

  async pauseSchedule (request) {
    const { name } = request.params
    await this.schedules.pause(name)
    return await view(this, name)
  },

  async resumeSchedule (request) {
    const { name } = request.params
    await this.schedules.resume(name)
    this.lookForSlots()
    return await view(this, name)
  },

  async runSchedule (request, reply) {
    const { name } = request.params
    const { job, input } = await find(this, name)
    const spec: JobSpec = { ...job, input: input === '' ? undefined : input, schedule: { name } }
    refuse(this.queueSettings.settle(spec, input === '' ? undefined : JSON.parse(input), '/job'))
    const { job: kept, existing } = await this.queue.create(spec).catch(error => { throw refusal(error, () => '/job') })
    request.jobId = kept.id
    return reply.header('location', `/jobs/${kept.id}`).code(existing ? 200 : 201).send(jobView(kept))
  }
})

async function find (app: FastifyInstance, name: string): Promise<Schedule> {
  const schedule = await app.schedules.get(name)
  if (!schedule) throw noSchedule(name)
  return schedule
}

async function view (app: FastifyInstance, name: string) {
  const schedule = await find(app, name)
  return scheduleView(schedule, await app.schedules.nextTimes(schedule))
}

function noSchedule (name: string): Problem {
  return new Problem('not-found', `There is no schedule ${name}`)
}
