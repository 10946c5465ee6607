import type { Answer } from './egress.ts'

/** The longest that an endpoint may ask to be left alone with one answer. */
const MAX_MS = 3_600_000

/** For how many ms an endpoint has asked to be left alone (`Retry-After`) with 429 or 503: it says seconds, or a date. Else 0. */
export function retryAfterMs ({ status, headers }: Pick<Answer, 'status' | 'headers'>, now = Date.now()): number {
  const text = headers['retry-after']
  if (![429, 503].includes(status) || typeof text !== 'string') return 0
  const ms = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return ms > 0 ? Math.min(MAX_MS, ms) : 0
}
