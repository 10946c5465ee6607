import type { Redis } from 'ioredis'
import { QueueUnavailableError } from './errors.ts'
import type { Backoff, HttpTarget } from './job.ts'
import type { Keys } from './keys.ts'
import { ask, run } from './scripts.ts'
import type { ScriptArg } from './scripts.ts'

/** So many queues may have settings. */
export const MAX_CONFIGURED = 1000
export const MAX_OVERRIDES = 1000
export const PERIOD_SECONDS = 1
const MAX_TRIES = 10

/** What has been set of a queue; all else is as it is by default. */
export interface QueueSettings {
  completed_retention_seconds?: number
  completed_max?: number
  dlq_retention_seconds?: number
  dlq_max?: number
  /** jobs that may wait */
  max_length?: number
  /** jobs that may run at the same time */
  concurrency?: number
  rate_limit?: RateLimit
  /** the same of each group */
  group_concurrency?: number
  group_rate_limit?: RateLimit
  /** for some groups otherwise; at most MAX_OVERRIDES */
  group_overrides?: Record<string, { concurrency?: number, rate_limit?: RateLimit }>
  /** a job that has waited so long counts as one priority higher */
  priority_aging_seconds?: number
  /** where its jobs of the type `http` are posted that do not say it themselves */
  http?: HttpTarget
  /** of its jobs that do not say it themselves */
  defaults?: { max_attempts?: number, backoff?: Partial<Backoff>, timeout_seconds?: number, keep_logs?: boolean }
  /** task to JSON Schema */
  input_schemas?: Record<string, object | boolean>
}

/** How many jobs may start, and in what time. */
export interface RateLimit {
  limit: number
  /** default PERIOD_SECONDS */
  period_seconds?: number
  /** so many at once after a quiet time; without it there are never more than `limit` in any period */
  burst?: number
}

/** Too many queues have settings. */
export class TooManySettingsError extends Error {
  override readonly name = 'TooManySettingsError'

  constructor () {
    super(`${MAX_CONFIGURED} queues have settings already: take away those of another one`)
  }
}

/** The settings of all queues: in Redis, and a copy here, which `refresh` brings up to date. */
export class SettingsStore {
  readonly #redis: Redis
  readonly #keys: Keys
  #copy = new Map<string, QueueSettings>()
  #versions: Record<string, string> = {}
  #refreshing: Promise<void> = Promise.resolve()

  constructor (redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  /** Of the copy; undefined when nothing is set. The same object until it changes. */
  of (queue: string): QueueSettings | undefined {
    return this.#copy.get(queue)
  }

  /** Costs one small call when nothing has changed, and else reads what has. One at a time: an older copy never comes after a newer one. */
  refresh (): Promise<void> {
    const next = this.#refreshing.catch(() => {}).then(() => this.#read())
    this.#refreshing = next
    return next
  }

  /**
   * Changes the settings of a queue and this copy of them. Who changes them at the same time does so before or after; `update` may
   * therefore be called more than once, and what it throws changes nothing. Rejects with a TooManySettingsError, too.
   */
  async change (queue: string, update: (settings: QueueSettings) => QueueSettings): Promise<void> {
    const keys = [...this.#keys.of(queue), this.#keys.settings, this.#keys.settingsVersions]
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      await this.refresh()
      const current = this.#copy.get(queue)
      const settings = update(current ?? {})
      const json = JSON.stringify(settings)
      // What changes nothing is not written, and no queue comes into being by it.
      if (json === (current ? JSON.stringify(current) : '{}')) return
      const version = await run(this.#redis, 'configure', keys,
        [queue, this.#versions[queue] ?? '0', json === '{}' ? '' : json, MAX_CONFIGURED, ...forScripts(settings)]) as number
      if (version === -1) throw new TooManySettingsError()
      if (version > 0) return await this.refresh()
    }
    throw new QueueUnavailableError(`The settings of ${queue} are being changed by too many others`)
  }

  async #read (): Promise<void> {
    const latest = await ask(this.#redis.hget(this.#keys.settingsVersions, '*')) ?? undefined
    if (latest === this.#versions['*']) return
    const versions = await ask(this.#redis.hgetall(this.#keys.settingsVersions))
    const changed = Object.keys(versions).filter(queue => queue !== '*' && versions[queue] !== this.#versions[queue])
    const copy = new Map([...this.#copy].filter(([queue]) => versions[queue] !== undefined))
    const texts = changed.length > 0 ? await ask(this.#redis.hmget(this.#keys.settings, ...changed)) : []
    // What has been taken away between the two calls has a newer version, which comes next.
    changed.forEach((queue, i) => { if (typeof texts[i] === 'string') copy.set(queue, JSON.parse(texts[i])) })
    this.#copy = copy
    this.#versions = versions
  }
}

/** The settings that scripts read (lua/lib/settings.lua), as lua/configure.lua takes them. */
function forScripts ({ max_length, concurrency, rate_limit, group_concurrency, group_rate_limit, group_overrides = {}, priority_aging_seconds }: QueueSettings): ScriptArg[] {
  const overrides = Object.values(group_overrides)
  const fields = {
    max_length,
    concurrency,
    rate_limit: rate_limit && rateText(rate_limit),
    group_concurrency,
    group_rate_limit: group_rate_limit && rateText(group_rate_limit),
    group_overrides: (overrides.some(({ concurrency }) => concurrency !== undefined) ? 'c' : '') + (overrides.some(({ rate_limit }) => rate_limit !== undefined) ? 'r' : ''),
    priority_aging: priority_aging_seconds === undefined ? '' : priority_aging_seconds * 1000
  }
  const { max_length: _, priority_aging, ...limits } = fields
  const any = Object.values(limits).some(limit => limit !== undefined && limit !== '')
  const all = { ...fields, limits: any ? 1 : priority_aging === '' ? '' : 0 }
  return [
    Object.keys(all).length,
    ...Object.entries(all).flatMap(([name, value]) => [name, value ?? '']),
    ...Object.entries(group_overrides).flatMap(([group, { concurrency, rate_limit }]) => [group, `${concurrency ?? '-'} ${rate_limit ? rateText(rate_limit) : '-'}`])
  ]
}

const LATE_MS = 100
const MAX_SPARED = 0.04

/**
 * As lua/lib/rate.lua has it. A worker that comes some ms too late must not make the queue slower than its limit: so there is a burst
 * also where none is asked for, of what may start in 100 ms. To have all the same no more than `limit` in any period, the interval is so
 * much longer, by 4 % at the most.
 */
function rateText ({ limit, period_seconds = PERIOD_SECONDS, burst }: RateLimit): string {
  const period = period_seconds * 1000
  if (burst !== undefined) return `${period / limit} ${burst}`
  const spared = Math.max(1, Math.min(Math.ceil(limit * MAX_SPARED), Math.ceil(limit * LATE_MS / period)))
  return `${period / (limit - spared + 1)} ${spared}`
}
