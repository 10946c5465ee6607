import { createHash } from 'node:crypto'
import type { Webhook } from './webhook.ts'

/** A month: what came of a webhook's last delivery is shown with it. */
const SHOWN_S = 30 * 86_400
/** Longer than any pause between two deliveries to what fails. */
const FAILING_S = 2 * 86_400

/** A place to which deliveries go, of which it is known how it is doing. */
export interface Endpoint {
  /** names it in Redis */
  id: string
  /** For how long its last success, or its last failure, is known, s. */
  ok_s: number
  failed_s: number
}

/** What one URL has done is not what another does. */
export function webhookEndpoint ({ id, url }: Pick<Webhook, 'id' | 'url'>): Endpoint {
  return { id: `${id}:${hash(url)}`, ok_s: SHOWN_S, failed_s: SHOWN_S }
}

/** What the callbacks of one queue do to a place, or with a URL that is wrong, is no matter of the others'. */
export function callbackEndpoint (queue: string, url: string): Endpoint {
  // There can be as many as jobs: those that are well are forgotten.
  return { id: hash(`${queue}\n${url}`), ok_s: 0, failed_s: FAILING_S }
}

/** The same of jobs that are posted to be done. */
export function jobEndpoint (queue: string, url: string): Endpoint {
  return { id: hash(`job\n${queue}\n${url}`), ok_s: 0, failed_s: FAILING_S }
}

function hash (text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
