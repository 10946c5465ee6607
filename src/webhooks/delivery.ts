import { encodeRecord } from '../queue/record.ts'
import { newId } from '../queue/ids.ts'
import type { Job, JobSpec } from '../queue/job.ts'
import { DELIVERIES } from '../queue/keys.ts'
import type { TraceContext } from '../tracing/trace-context.ts'
import { jobView } from '../views.ts'

// A delivery is a job of its own: its input is, byte for byte, what is posted.

/** The type of these jobs, and with it the handler that makes them. */
export const DELIVERY_TYPE = 'webhook'

/** How long after it was made a delivery is tried: in any case as often as there are `DELAYS_S` and once more, unless its endpoint has failed for as long. */
export const DELAYS_S = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800] as const
export const GIVE_UP_MS = 86_400_000
/** As many as a job can have: the day is over sooner. */
const MAX_ATTEMPTS = 100

/** A larger result is left out. */
export const MAX_RESULT = 256 * 1024

/** What a delivery says of itself. */
export type DeliveryTo = { webhook_id: string, job_id?: string, test?: 'true' } | { callback: 'true', job_id: string, queue: string }

export function deliverySpec (type: string, payload: string, to: DeliveryTo, callback_url?: string, trace?: TraceContext): JobSpec {
  return { ...trace, task: type, type: DELIVERY_TYPE, queue: DELIVERIES, input: payload, max_attempts: MAX_ATTEMPTS, metadata: { ...to }, callback_url }
}

/** As lua/relay.lua takes it: its id and its record. */
export function deliveryEntry (type: string, payload: string, to: DeliveryTo, callback_url?: string, trace?: TraceContext): [id: string, record: string] {
  return [newId(), encodeRecord(deliverySpec(type, payload, to, callback_url, trace))]
}

/** What is posted: `data` is JSON text. @param at ms */
export function payloadText (type: string, at: number, data: string): string {
  return `{"type":${JSON.stringify(type)},"timestamp":"${new Date(at).toISOString()}","data":${data}}`
}

/** A job as a payload has it: without its input, which can be read, and with its result byte for byte unless that is too large. @param left_out bytes of a result that is not at hand */
export function jobData (job: Job, left_out = 0): string {
  const { input, result, ...view } = jobView(job)
  const bytes = left_out || Buffer.byteLength(job.result ?? '')
  if (bytes > MAX_RESULT) return JSON.stringify({ ...view, result_left_out_bytes: bytes })
  const text = JSON.stringify(view)
  return job.result === undefined ? text : `${text.slice(0, -1)},"result":${job.result}}`
}
