import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { QueueSettings, QueueSettingsPatch } from '../src/contract/schemas.ts'
import { InputSchemas, MAX_MS } from '../src/input-schemas.ts'
import { mergePatch } from '../src/merge-patch.ts'
import type { FieldError } from '../src/problems.ts'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import { DEFAULTS } from '../src/queue/fields.ts'
import type { HttpTarget, JobSpec } from '../src/queue/job.ts'
import { DEFAULT_QUEUE } from '../src/queue/keys.ts'
import { MAX_OVERRIDES, PERIOD_SECONDS, SettingsStore } from '../src/queue/settings.ts'
import type { QueueSettings as Set, RateLimit } from '../src/queue/settings.ts'
import type { SweepOptions } from '../src/queue/sweeper.ts'
import { TooLongError, withinTime } from '../src/time-limit.ts'
import { refuse } from '../src/validation-errors.ts'

/** So much later than in the process that changed them settings count in all others, at most; and a round trip. */
const REFRESH_MS = 500

/** An input that has to be checked; `at` is where it is. */
interface Check { settings: Set, task: string, input: unknown, at: string }

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
      /** The same for jobs that were sent together. Returns what is wrong with the first whose input is not right. */
      settleAll (specs: JobSpec[], inputs: unknown[], at: (index: number) => string): FieldError[]
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
    http: null,
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
        if (patch.http) refuse(httpErrors(app, patch.http))
        if (patch.input_schemas && changed.input_schemas) refuse(new InputSchemas(changed.input_schemas).errors)
        return changed
      })
    },

    settle: (spec, input, at = '') => settleAll([spec], [input], () => at),
    settleAll,

    check (queue, task, input, at) {
      const settings = store.of(queue)
      return settings ? firstErrors([{ settings, task, input, at }]) : []
    }
  })

  function settleAll (specs: JobSpec[], inputs: unknown[], at: (index: number) => string): FieldError[] {
    const checks: Check[] = []
    for (const [index, spec] of specs.entries()) {
      const settings = store.of(spec.queue ?? DEFAULT_QUEUE)
      if (settings === undefined) continue
      const { max_attempts, backoff, timeout_seconds, keep_logs } = settings.defaults ?? {}
      spec.max_attempts ??= max_attempts
      spec.timeout_seconds ??= timeout_seconds
      spec.keep_logs ??= keep_logs
      if (backoff) spec.backoff = { ...backoff, ...spec.backoff }
      // What is not there is null to the handler.
      checks.push({ settings, task: spec.task, input: inputs[index] ?? null, at: `${at(index)}/input` })
    }
    return firstErrors(checks)
  }

  function firstErrors (all: Check[]): FieldError[] {
    const checks = all.filter(({ settings, task }) => settings.input_schemas && Object.hasOwn(settings.input_schemas, task))
    if (checks.length === 0) return []
    let current = checks[0]!
    try {
      return withinTime(MAX_MS, () => {
        for (current of checks) {
          const errors = schemasOf(current.settings).check(current.task, current.input, current.at)
          if (errors.length > 0) return errors
        }
        return []
      })
    } catch (error) {
      if (!(error instanceof TooLongError)) throw error
      // What was stopped midway is not used again.
      compiled.delete(current.settings)
      return [{ path: current.at, message: `cannot be checked against the schema of its task: with what came before it in the request it takes longer than ${MAX_MS} ms` }]
    }
  }

  function schemasOf (settings: Set): InputSchemas {
    let schemas = compiled.get(settings)
    if (!schemas) compiled.set(settings, schemas = new InputSchemas(settings.input_schemas!))
    return schemas
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
}, { name: 'queue-settings', fastify: '5.x', dependencies: ['queue', 'webhooks'] })

function full (rate: RateLimit | undefined): Required<Omit<RateLimit, 'burst'>> & { burst: number | null } | null {
  return rate ? { period_seconds: PERIOD_SECONDS, ...rate, burst: rate.burst ?? null } : null
}

function httpErrors (app: FastifyInstance, { url }: HttpTarget): FieldError[] {
  const message = app.egress.urlProblem(url)
  return message === undefined ? [] : [{ path: '/http/url', message }]
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
