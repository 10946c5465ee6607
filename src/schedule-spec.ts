import type { NewSchedule } from './contract/schemas.ts'
import { jobSpec, timeOf } from './job-spec.ts'
import type { ScheduleSpec } from './queue/schedules.ts'
import { Slots } from './schedule/slots.ts'
import type { Timing } from './schedule/slots.ts'
import { isZone } from './schedule/zone.ts'
import { invalid } from './validation-errors.ts'

/**
 * What a schedule that fits the contract asks of the engine. Throws a Problem that names the field when it cannot be so.
 * @param input the JSON text of its jobs' input; undefined if there is none
 */
export function scheduleSpec (body: NewSchedule, input: string | undefined): ScheduleSpec {
  const { cron, every_seconds } = body
  if (cron === undefined && every_seconds === undefined) throw invalid('/cron', 'must be given, or else every_seconds')
  if (cron !== undefined && every_seconds !== undefined) throw invalid('/every_seconds', 'must not be given together with cron')
  if (cron === undefined && body.timezone !== undefined) throw invalid('/timezone', 'must not be given without cron')
  const timezone = cron === undefined ? undefined : body.timezone ?? 'UTC'
  const start_at = body.start_at === undefined ? undefined : timeOf('start_at', body.start_at)
  const end_at = body.end_at === undefined ? undefined : timeOf('end_at', body.end_at)
  if (start_at !== undefined && end_at !== undefined && end_at <= start_at) throw invalid('/end_at', 'must be after start_at')
  const timing = { cron, timezone, every_seconds, start_at, end_at }
  check(timing)
  return { timing, job: jobSpec(body.job, undefined, '/job'), input: input ?? '', missed: body.missed, overlap: body.overlap }
}

/** As a schedule, whose `end_at` may have passed, comes again when a worker declares it, only what never comes at all is refused. */
function check ({ end_at, ...timing }: Timing): void {
  if (timing.timezone !== undefined && !isZone(timing.timezone)) throw invalid('/timezone', 'must be a time zone of the IANA database, such as Europe/Berlin')
  let slot: number | undefined
  try {
    slot = new Slots(timing).after(0)
  } catch (error) {
    throw invalid('/cron', `is not a cron expression: ${(error as Error).message.replace(/^CronPattern: /, '')}`)
  }
  if (slot === undefined) throw invalid(timing.cron === undefined ? '/start_at' : '/cron', 'must come at some time')
}
