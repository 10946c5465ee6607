import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { QueueSettings, QueueSettingsPatch } from '../src/contract/schemas.ts'
import { InputSchemas } from '../src/input-schemas.ts'
import { mergePatch } from '../src/merge-patch.ts'
import type { FieldError } from '../src/problems.ts'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import { DEFAULTS } from '../src/queue/fields.ts'
import type { JobSpec } from '../src/queue/job.ts'
import { DEFAULT_QUEUE } from '../src/queue/keys.ts'
import { MAX_OVERRIDES, PERIOD_SECONDS, SettingsStore } from '../src/queue/settings.ts'
import type { QueueSettings as Set, RateLimit } from '../src/queue/settings.ts'
import type { SweepOptions } from '../src/queue/sweeper.ts'
import { refuse } from '../src/validation-errors.ts'

/** So much later than in the process that changed them settings count in all others, at most; and a round trip. */
const REFRESH_MS = 500

export type Retention = Pick<SweepOptions, 'completed_ms' | 'dead_ms' | 'keep_completed' | 'keep_dead'>

declare module 'fastify' {
  interface FastifyInstance {
    /** What has been set of the queues; the rest is as the process has it. */
    queueSettings: {
      of (queue: string): QueueSettings
      retention (queue: string): Retention
      /** Counts here when it resolves. Rejects with a Problem. */
      change (queue: string, patch: QueueSettingsPatch): Promise<void>
      /**
       * Gives a job what it does not say itself. Returns what is wrong with its input.
       * @param at where in the request's body the job is
       */
      settle (spec: JobSpec, input: unknown, at?: string): FieldError[]
      /** What is wrong with the input of a task of the queue; `at` is where it is. */
      check (queue: string, task: string, input: unknown, at: string): FieldError[]
    }
  }
}

/** The settings of each queue, `app.queueSettings`. */
export default fp(async function queueSettings (app: FastifyInstance) {
  const store = new SettingsStore(app.redis, app.queue.keys)
  // With the settings that they are of.
  const compiled = new WeakMap<Set, InputSchemas>()
  const base = {
    completed_retention_seconds: app.config.completedRetentionSeconds,
    completed_max: app.config.completedMax,
    dlq_retention_seconds: app.config.dlqRetentionSeconds,
    dlq_max: app.config.dlqMax,
    max_length: null,
    concurrency: null,
    group_concurrency: null,
    priority_aging_seconds: null,
    input_schemas: {}
  }
  const of = (queue: string): QueueSettings => {
    const { defaults, rate_limit, group_rate_limit, group_overrides = {}, ...set } = store.of(queue) ?? {}
    const { max_attempts = DEFAULTS.max_attempts, backoff, timeout_seconds = null, keep_logs = false } = defaults ?? {}
    return {
      ...base,
      ...set,
      rate_limit: full(rate_limit),
      group_rate_limit: full(group_rate_limit),
      group_overrides: Object.fromEntries(Object.entries(group_overrides).map(([group, { concurrency = null, rate_limit }]) => [group, { concurrency, rate_limit: full(rate_limit) }])),
      defaults: { max_attempts, backoff: { ...DEFAULTS.backoff, ...backoff }, timeout_seconds, keep_logs }
    }
  }

  app.decorate('queueSettings', {
    of,

    retention (queue) {
      const { completed_retention_seconds, completed_max, dlq_retention_seconds, dlq_max } = { ...base, ...store.of(queue) }
      return { completed_ms: completed_retention_seconds * 1000, dead_ms: dlq_retention_seconds * 1000, keep_completed: completed_max, keep_dead: dlq_max }
    },

    async change (queue, patch) {
      await store.change(queue, settings => {
        const changed: Set = mergePatch({ ...settings }, patch, ['input_schemas'])
        refuse(limitErrors(changed))
        if (patch.input_schemas && changed.input_schemas) refuse(new InputSchemas(changed.input_schemas).errors)
        return changed
      })
    },

    settle (spec, input, at = '') {
      const settings = store.of(spec.queue ?? DEFAULT_QUEUE)
      if (settings === undefined) return []
      const { max_attempts, backoff, timeout_seconds, keep_logs } = settings.defaults ?? {}
      spec.max_attempts ??= max_attempts
      spec.timeout_seconds ??= timeout_seconds
      spec.keep_logs ??= keep_logs
      if (backoff) spec.backoff = { ...backoff, ...spec.backoff }
      // What is not there is null to the handler.
      return settings.input_schemas ? check(settings, spec.task, input ?? null, `${at}/input`) : []
    },

    check (queue, task, input, at) {
      const settings = store.of(queue)
      return settings?.input_schemas ? check(settings, task, input, at) : []
    }
  })

  function check (settings: Set, task: string, input: unknown, at: string): FieldError[] {
    let schemas = compiled.get(settings)
    if (!schemas) compiled.set(settings, schemas = new InputSchemas(settings.input_schemas!))
    return schemas.check(task, input, at)
  }

  await store.refresh()
  let timer: NodeJS.Timeout | undefined
  let closing = false
  const look = async () => {
    try {
      await store.refresh()
    } catch (error) {
      const level = error instanceof QueueUnavailableError ? 'debug' : 'error'
      app.log[level]({ err: error }, 'The settings of the queues cannot be read; trying again')
    }
    if (!closing) timer = setTimeout(look, REFRESH_MS)
  }
  app.addHook('onReady', async () => { timer = setTimeout(look, REFRESH_MS) })
  app.addHook('preClose', async () => {
    closing = true
    clearTimeout(timer)
  })
}, { name: 'queue-settings', fastify: '5.x', dependencies: ['queue'] })

function full (rate: RateLimit | undefined): Required<Omit<RateLimit, 'burst'>> & { burst: number | null } | null {
  return rate ? { period_seconds: PERIOD_SECONDS, ...rate, burst: rate.burst ?? null } : null
}

/** What comes of a patch must still be whole. */
function limitErrors ({ rate_limit, group_rate_limit, group_overrides = {} }: Set): FieldError[] {
  if (Object.keys(group_overrides).length > MAX_OVERRIDES) return [{ path: '/group_overrides', message: `must have at most ${MAX_OVERRIDES} groups, with those that are there` }]
  const rates: [string, RateLimit | undefined][] = [
    ['/rate_limit', rate_limit],
    ['/group_rate_limit', group_rate_limit],
    ...Object.entries(group_overrides).map(([group, own]): [string, RateLimit | undefined] => [`/group_overrides/${group.replaceAll('~', '~0').replaceAll('/', '~1')}/rate_limit`, own.rate_limit])
  ]
  return rates.filter(([, rate]) => rate && rate.limit === undefined).map(([path]) => ({ path: `${path}/limit`, message: 'is required' }))
}
