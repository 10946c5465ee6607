import { randomBytes } from 'node:crypto'
import type { EventKind } from '../queue/event.ts'

/** How long the secret that was replaced goes on signing, too: 24 h. */
export const ROTATION_MS = 86_400_000

/** Kinds that a webhook may want: `progress` comes too often to be posted each time. */
export type WebhookKind = Exclude<EventKind, 'progress'>

/** As it is kept. */
export interface Webhook {
  id: string
  url: string
  /** empty: of all */
  queues: string[]
  events: WebhookKind[]
  description?: string
  /** the newest first; each as `whsec_…`, and until when it signs (ms) once it has been replaced */
  secrets: { secret: string, until?: number }[]
  /** ms */
  created_at: number
  updated_at: number
  /** It gets nothing until it is enabled again. */
  disabled?: { at: number, reason: 'requested' | 'gone' | 'failing' }
}

/** How the endpoint of a webhook is doing. */
export interface EndpointState {
  /** in a row, since `failing_since` (ms) */
  failures: number
  failing_since?: number
  /** of the last answer; absent when there was none */
  last_status?: number
  last_error?: string
  last_at?: number
  /** no delivery is tried until then (ms) */
  closed_to?: number
}

export function newSecret (): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** Those that sign now. @param now Redis's time, ms */
export function activeSecrets ({ secrets }: Pick<Webhook, 'secrets'>, now: number): string[] {
  return secrets.filter(({ until }) => until === undefined || until > now).map(({ secret }) => secret)
}

/** With a new secret, beside which the one before goes on for a while; the one before that ends. */
export function rotated (webhook: Webhook, secret: string, now: number): Webhook {
  const [last] = webhook.secrets
  return { ...webhook, secrets: [{ secret }, { secret: last!.secret, until: now + ROTATION_MS }], updated_at: now }
}

/** Whether it wants to know of this. */
export function wants ({ events, queues, disabled }: Webhook, kind: string, queue: string): boolean {
  return !disabled && events.includes(kind as WebhookKind) && (queues.length === 0 || queues.includes(queue))
}
