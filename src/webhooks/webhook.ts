import { randomBytes } from 'node:crypto'
import type { EventKind } from '../queue/event.ts'

/** How long the secret that was replaced goes on signing, too: 24 h. */
export const ROTATION_MS = 86_400_000
/** So many may sign at the same time: each makes every delivery larger. */
const MAX_SECRETS = 5

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

export class TooManySecretsError extends Error {
  override readonly name = 'TooManySecretsError'

  constructor () {
    super(`The webhook has ${MAX_SECRETS} secrets that sign: rotate it again when one of them has ended`)
  }
}

/**
 * With a new secret, beside which those that sign go on for their time, the one before for a day: also when it is rotated again soon, as
 * somebody does who has not had the answer, no receiver is left with nothing that fits. The same secret again changes nothing. Throws a
 * TooManySecretsError.
 */
export function rotated (webhook: Webhook, secret: string, now: number): Webhook {
  const [last, ...before] = webhook.secrets
  if (last!.secret === secret) return webhook
  const others = [{ secret: last!.secret, until: now + ROTATION_MS }, ...before.filter(({ until }) => until! > now)].filter(other => other.secret !== secret)
  if (others.length >= MAX_SECRETS) throw new TooManySecretsError()
  return { ...webhook, secrets: [{ secret }, ...others], updated_at: now }
}

/** Whether it wants to know of this. */
export function wants ({ events, queues, disabled }: Webhook, kind: string, queue: string): boolean {
  return !disabled && events.includes(kind as WebhookKind) && (queues.length === 0 || queues.includes(queue))
}
