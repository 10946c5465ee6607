import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { NewSchedule, ScheduleName } from '../src/contract/schemas.ts'
import type { ScheduleSpec } from '../src/queue/schedules.ts'
import { scheduleSpec } from '../src/schedule-spec.ts'
import { checkSpec } from '../src/submit-request.ts'
import { fieldErrors, summary } from '../src/validation-errors.ts'
import { compile } from './registry.ts'

/** So many are written at the same time. */
const TOGETHER = 20

declare module 'fastify' {
  interface FastifyInstance {
    /** Declares a schedule, as `PUT /schedules/{name}` takes it: when the worker starts, it is created, or replaced if it differs. */
    schedule (name: string, schedule: NewSchedule): void
  }
}

/**
 * `app.schedule`, with which handler plugins say when jobs are made. Many workers may declare the same; one that has changed counts from
 * the first worker that says so. Those that no worker declares any more stay until somebody deletes them.
 */
export default fp(async function declaredSchedules (app: FastifyInstance) {
  const declared = new Map<string, { spec: ScheduleSpec, paused: boolean | undefined }>()
  const checkName = compile(app, ScheduleName)
  const check = compile(app, NewSchedule)

  app.decorate('schedule', (name: string, schedule: NewSchedule) => {
    const fail = (why: string, cause?: unknown): never => { throw new Error(`app.schedule('${name}'): ${why}`, { cause }) }
    if (typeof name !== 'string' || !checkName(name)) fail(`the name must fit ${ScheduleName.pattern}`)
    if (declared.has(name)) fail('it is declared already')
    if (!check(schedule)) fail(summary(fieldErrors(check.errors as never, 'body')))
    try {
      const spec = scheduleSpec(schedule, JSON.stringify(schedule.job.input))
      checkSpec(app, spec.job, '/job')
      declared.set(name, { spec, paused: schedule.paused })
    } catch (error) {
      fail((error as Error).message, error)
    }
  })

  app.addHook('onReady', async () => {
    const all = [...declared]
    for (let i = 0; i < all.length; i += TOGETHER) {
      await Promise.all(all.slice(i, i + TOGETHER).map(async ([name, { spec, paused }]) => {
        const result = await app.schedules.put(name, spec, paused)
        if (result !== 'same') app.log.info({ schedule: name }, `A schedule that the handlers declare was ${result}`)
      }))
    }
    if (all.length > 0) app.lookForSlots()
  })
}, { name: 'declared-schedules', fastify: '5.x', dependencies: ['schedules'] })
