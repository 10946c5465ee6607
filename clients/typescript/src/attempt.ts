import { ShutdownError, TimedOutError } from './errors.ts'
import type { CancelledError, LeaseLostError } from './errors.ts'
import type { components } from './contract.ts'
import type { Context, Handler, LeasedJob, Settlement } from './handler.ts'
import { MAX_TIMER_MS } from './wait.ts'

const MAX_RESULT_BYTES = 1024 * 1024
const REASONS = ['failed', 'timed_out', 'invalid_input', 'no_handler'] as const

/** A settlement, and the length of its JSON text, about. */
export interface Outcome {
  settlement: Settlement
  size: number
  /** It says that the server has refused another one. */
  isSubstitute?: boolean
}

export type Interruption = CancelledError | LeaseLostError | ShutdownError | TimedOutError

/** One attempt of one job. */
export class Attempt {
  readonly job: LeasedJob
  /** What is to be said of it with the next heartbeat. */
  progress: components['schemas']['JobProgress'] | undefined
  readonly #interrupted = new AbortController()

  constructor (job: LeasedJob) {
    this.job = job
  }

  get lease (): { job_id: string, lease_token: string } {
    return { job_id: this.job.id, lease_token: this.job.lease_token }
  }

  interrupt (reason: Interruption): void {
    this.#interrupted.abort(reason)
  }

  /** Runs the handler, if there is one, and tells what it throws. Never rejects; undefined when the job is no longer ours. A handler that ignores its signal is not waited for. */
  async run (handler: Handler | undefined, tell: Pick<Context, 'progress' | 'log'>, onError: (error: Error) => void): Promise<Outcome | undefined> {
    const { signal } = this.#interrupted
    if (signal.aborted) return this.#ended(signal.reason)
    const { lease_token: _, lease_expires_at: __, ...job } = this.job
    if (!handler) return this.#failed({ message: `There is no handler for the task ${job.task} of the type ${job.type}`, retry: false, reason: 'no_handler' })
    const interrupted = new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const seconds = job.timeout_seconds
    const timer = seconds === undefined ? undefined : setTimer(seconds * 1000, () => this.interrupt(new TimedOutError(`It took longer than ${seconds} s`)))
    try {
      // In a turn of its own, so that a handler that throws at once does so in here.
      const result = await Promise.race([Promise.resolve().then(() => handler(job, { ...tell, signal })), interrupted])
      signal.throwIfAborted()
      return this.#completed(result)
    } catch (thrown) {
      const error = signal.aborted ? signal.reason : thrown
      onError(error instanceof Error ? error : new Error(readThrown(error).message))
      // What a handler throws by itself says nothing of the lease, whatever its class.
      return signal.aborted ? this.#ended(signal.reason) : this.#failed(readThrown(thrown))
    } finally {
      timer?.clear()
    }
  }

  #ended (why: Interruption): Outcome | undefined {
    if (why instanceof ShutdownError) return { settlement: { ...this.lease, outcome: 'released' }, size: 1000 }
    if (why instanceof TimedOutError) return this.#failed({ message: why.message, reason: 'timed_out', name: why.name })
    return undefined
  }

  #completed (result: unknown): Outcome {
    let text: string | undefined
    try {
      text = JSON.stringify(result)
    } catch (error) {
      return this.#failed({ message: `Its result is not JSON: ${(error as Error).message}`, retry: false })
    }
    if (text === undefined) return { settlement: { ...this.lease, outcome: 'completed' }, size: 1000 }
    const bytes = new TextEncoder().encode(text).length
    if (bytes > MAX_RESULT_BYTES) return this.#failed({ message: `Its result has ${bytes} bytes, and may have ${MAX_RESULT_BYTES}`, retry: false })
    // As it is now: its maker may go on changing it before it is sent.
    return { settlement: { ...this.lease, outcome: 'completed', result: JSON.parse(text) }, size: bytes + 1000 }
  }

  #failed ({ message, name, stack, retry, retryAfterSeconds, reason }: Thrown): Outcome {
    const error = {
      message: message.slice(0, 2000),
      ...(name && { type: name.slice(0, 128) }),
      ...(stack !== undefined && { stack: stack.slice(0, 4000) }),
      reason: REASONS.find(known => known === reason) ?? 'failed'
    }
    return {
      settlement: {
        ...this.lease,
        outcome: 'failed',
        error,
        retry: retry !== false,
        ...(retryAfterSeconds !== undefined && { retry_after_seconds: Math.min(Math.max(retryAfterSeconds, 0), 31_536_000) })
      },
      size: 30_000
    }
  }
}

/** What counts of what a handler threw. */
interface Thrown { message: string, name?: string | undefined, stack?: string | undefined, retry?: boolean, retryAfterSeconds?: number | undefined, reason?: unknown }

/** Reads what a handler threw: an Error mostly, but it can be anything, also something that throws when it is looked at. */
function readThrown (thrown: unknown): Thrown {
  try {
    const { message, name, stack, retry, retryAfterSeconds, reason } = Object(thrown) as Record<string, unknown>
    return {
      message: textOf(message) ?? String(thrown),
      name: textOf(name),
      stack: textOf(stack),
      retry: retry !== false,
      retryAfterSeconds: Number.isFinite(retryAfterSeconds) ? retryAfterSeconds as number : undefined,
      reason
    }
  } catch {
    return { message: 'The handler threw something that cannot be read' }
  }
}

function textOf (value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A timer that can be set for longer than the 24 days that `setTimeout` can. */
function setTimer (ms: number, fire: () => void): { clear: () => void } {
  let timer: ReturnType<typeof setTimeout>
  const set = (left: number) => {
    timer = setTimeout(() => left > MAX_TIMER_MS ? set(left - MAX_TIMER_MS) : fire(), Math.min(left, MAX_TIMER_MS))
  }
  set(ms)
  return { clear: () => clearTimeout(timer) }
}
