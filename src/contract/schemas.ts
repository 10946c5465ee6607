// Generated from openapi.yaml by npm run generate. Do not edit.

import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

export const JobId = Type.String({ format: 'uuid', maxLength: 36, description: 'A UUID (version 7).' })
export type JobId = Static<typeof JobId>

export const QueueName = Type.String({
  pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
  description: 'Lower-case letters, digits, `.`, `_` and `-`, at most 64 characters, the first a letter or a digit.'
})
export type QueueName = Static<typeof QueueName>

export const JobType = Type.String({
  pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
  description: 'The kind of job. Its handler is looked up by `type` and `task` together; `task` is the type of ordinary jobs, `http` that of jobs that are posted to a URL, `ai` that of jobs for a language model, and `webhook` that of deliveries, which the service alone makes (400). Lower-case letters, digits, `.`, `_` and `-`, at most 64 characters, the first a letter or a digit.'
})
export type JobType = Static<typeof JobType>

export const Priority = Type.Unsafe<'high' | 'normal' | 'low'>({
  type: 'string',
  enum: ['high', 'normal', 'low'],
  description: 'The jobs of a higher priority always go first.'
})
export type Priority = Static<typeof Priority>

export const Unique = Type.Object({
  key: Type.String({
    minLength: 1,
    maxLength: 256,
    description: 'What may be there only once, in this queue. 1 to 256 characters.'
  }),
  until: Type.Optional(Type.Unsafe<string | number>({
    type: ['string', 'number'],
    pattern: '^(completed|started)$',
    minimum: 0.1,
    maximum: 31536000,
    default: 'completed',
    description: 'How long the job has the key: `completed` until it has ended, whatever the outcome; `started` until a worker takes it; or so many seconds from its submit, 0.1 to 31,536,000 (a year), whatever becomes of it.'
  })),
  on_conflict: Type.Optional(Type.Unsafe<'return' | 'reject' | 'replace'>({
    type: 'string',
    enum: ['return', 'reject', 'replace'],
    default: 'return',
    description: 'What happens when another job has the key. `return`: nothing is kept, the answer is that job. `reject`: 409, with its id. `replace`: it is cancelled, with the reason `replaced`, and the new one takes its place; 409 when it no longer waits. At most 100 jobs of a bulk may say `replace`.'
  }))
}, {
  additionalProperties: false,
  description: 'At most one job of a queue has a key at a time. It is kept apart from other queues, and what a job has it does not lose to a retry; a job that is run again after it has ended does not get it again.\n\nWith `replace` and a delay it is a debounce: only the last of many submits runs, a while after it. With a number of seconds as `until` it is a throttle: only the first in that time runs.\n'
})
export type Unique = Static<typeof Unique>

export const OnParentFailure = Type.Unsafe<'cancel' | 'run'>({
  type: 'string',
  enum: ['cancel', 'run'],
  description: 'What happens to a job when one that it depends on fails for good or is cancelled: `cancel`: it is cancelled at once, with the reason `parent_failed`; `run`: that counts as ended, and it runs when all have.'
})
export type OnParentFailure = Static<typeof OnParentFailure>

export const JobStatus = Type.Unsafe<'blocked' | 'scheduled' | 'queued' | 'active' | 'retrying' | 'completed' | 'failed' | 'cancelled'>({
  type: 'string',
  enum: ['blocked', 'scheduled', 'queued', 'active', 'retrying', 'completed', 'failed', 'cancelled'],
  description: '- `scheduled`: waits for its time.\n- `queued`: waits for a worker.\n- `active`: a worker runs it.\n- `retrying`: an attempt failed, the next waits for its time.\n- `completed`: done, has its result.\n- `failed`: given up, in the dead letters of its queue; a redrive queues it again.\n- `cancelled`: it will not run, `cancellation` says why.\n- `blocked`: waits for the jobs in `depends_on`.\n'
})
export type JobStatus = Static<typeof JobStatus>

export const FailureReason = Type.Unsafe<'failed' | 'timed_out' | 'lost_lease' | 'invalid_input' | 'no_handler' | 'not_a_job'>({
  type: 'string',
  enum: ['failed', 'timed_out', 'lost_lease', 'invalid_input', 'no_handler', 'not_a_job'],
  description: '- `failed`: the handler threw.\n- `timed_out`: it took longer than `timeout_seconds`.\n- `lost_lease`: the worker was not heard of for too long, most likely it died.\n- `invalid_input`: the input does not fit the handler\'s schema.\n- `no_handler`: the worker has no handler for the job\'s `task` and `type`.\n- `not_a_job`: an entry that was pushed straight into Redis is not a job.\n'
})
export type FailureReason = Static<typeof FailureReason>

export const BackoffType = Type.Unsafe<'exponential' | 'fixed'>({
  type: 'string',
  enum: ['exponential', 'fixed'],
  description: 'Whether the delay doubles with every failed attempt or stays the same.'
})
export type BackoffType = Static<typeof BackoffType>

export const Group = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\x00-\\x1f\\x7f]*$',
  description: 'Whose job it is, a tenant for example. The groups of a queue take turns, so none waits for all jobs of another, and each can have limits. 1 to 128 characters, and no control character. Jobs without one are together one more group, without such limits.'
})
export type Group = Static<typeof Group>

export const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 64, description: 'A tag, 1 to 64 characters.' }), {
  maxItems: 20,
  uniqueItems: true,
  description: 'Words to group jobs by, at most 20, each once. They do not change how the job runs.'
})
export type Tags = Static<typeof Tags>

export const Metadata = Type.Unsafe<Record<string, string>>({
  type: 'object',
  maxProperties: 32,
  additionalProperties: Type.String({ maxLength: 512, description: 'A value, at most 512 characters.' }),
  description: 'Strings by name that travel with the job, at most 32. They do not change how the job runs.',
  propertyNames: Type.String({ minLength: 1, maxLength: 64, description: 'A key, 1 to 64 characters.' })
})
export type Metadata = Static<typeof Metadata>

export const Backoff = Type.Object({
  type: Type.Optional(Type.Unsafe<BackoffType>({ ...BackoffType, default: 'exponential' })),
  delay_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 86400,
    default: 5,
    description: 'The first delay, in seconds; 0 to 86,400 (a day).'
  })),
  max_delay_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 604800,
    default: 3600,
    description: 'No delay is longer, but for the jitter; in seconds, 0 to 604,800 (a week).'
  })),
  jitter: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.2,
    description: 'How much of the delay may be added at random; 0 for nothing, 1 for up to twice the delay.'
  }))
}, {
  additionalProperties: false,
  description: 'How long to wait before the next attempt. The delay is `delay_seconds` if fixed, else `delay_seconds` × 2^(failed attempts − 1); at most `max_delay_seconds`; and then a random share of it, between none and `jitter`, is added, so that jobs which failed together do not return together. In a job all fields are there.\n'
})
export type Backoff = Static<typeof Backoff>

export const HttpTarget = Type.Object({
  url: Type.String({
    minLength: 10,
    maxLength: 2048,
    description: 'An `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address.'
  })
}, {
  additionalProperties: false,
  description: 'Where a job of the type `http` is posted to be done (see the webhook `runJob`).'
})
export type HttpTarget = Static<typeof HttpTarget>

export const NewJob = Type.Object({
  task: Type.String({
    minLength: 1,
    maxLength: 256,
    description: 'What is to be done: the name of the handler that does it, or free text for a handler that takes every task. 1 to 256 characters.'
  }),
  type: Type.Optional(Type.Unsafe<JobType>({ ...JobType, default: 'task' })),
  input: Type.Optional(Type.Unknown({
    default: null,
    description: 'Any JSON, for the handler. It comes back byte for byte. At most 1 MiB, and 64 levels with the body around it.'
  })),
  queue: Type.Optional(Type.Unsafe<QueueName>({ ...QueueName, default: 'default' })),
  priority: Type.Optional(Type.Unsafe<Priority>({ ...Priority, default: 'normal' })),
  group: Type.Optional(Group),
  max_attempts: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 3,
    description: 'How often to try, the first attempt included; 1 to 100.'
  })),
  backoff: Type.Optional(Backoff),
  timeout_seconds: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 604800,
    description: 'How long one attempt may take, in seconds; 1 to 604,800 (a week). Absent: as long as its worker lives.'
  })),
  delay_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 31536000,
    description: 'How long to wait before the first attempt, in seconds by the clock of Redis; 0 to 31,536,000 (a year). Absent: do not wait. Not together with `run_at`.'
  })),
  run_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'When to make the first attempt, not before. A time in the past means now. Not together with `delay_seconds`.'
  })),
  keep_logs: Type.Optional(Type.Boolean({
    default: false,
    description: 'Whether what the handler logs is kept with the job, to be read with `GET /jobs/{id}/logs`: at most 1,000 lines and 1 MiB.'
  })),
  ttl_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 31536000,
    description: 'How long the job may wait for its first attempt, in seconds from now by the clock of Redis; 0 to 31,536,000 (a year). A job that has not started by then is cancelled, with the reason `expired`. Not together with `expires_at`.'
  })),
  expires_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'Until when the job may wait for its first attempt, as with `ttl_seconds`. Not together with it.'
  })),
  unique: Type.Optional(Unique),
  depends_on: Type.Optional(Type.Array(JobId, {
    minItems: 1,
    maxItems: 100,
    uniqueItems: true,
    description: 'The ids of jobs that must have ended first, of any queue; 1 to 100, and 1,000 in all jobs of a bulk. Until then the job is `blocked`. Those that have completed already count; one that is not there, or no longer kept, is an error. As long as the job has not ended, what its parents returned is kept.'
  })),
  on_parent_failure: Type.Optional(Type.Unsafe<OnParentFailure>({ ...OnParentFailure, default: 'cancel' })),
  http: Type.Optional(Type.Unsafe<HttpTarget>({
    ...HttpTarget,
    description: 'Where the job is posted to be done; only with the type `http`, and required there unless its queue has one.'
  })),
  callback_url: Type.Optional(Type.String({
    minLength: 10,
    maxLength: 2048,
    description: 'Where the outcome is posted when the job ends, whatever it is (see the callback): an `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address. When an ended job is run again, its next outcome is posted, too. A job that is answered instead of a new one (`unique`) keeps its own.'
  })),
  tags: Type.Optional(Tags),
  metadata: Type.Optional(Metadata)
}, { additionalProperties: false, description: 'A job to keep. Only `task` is required.' })
export type NewJob = Static<typeof NewJob>

export const BackoffPatch = Type.Unsafe<{ type?: 'exponential' | 'fixed' | null, delay_seconds?: number | null, max_delay_seconds?: number | null, jitter?: number | null } | null>({
  ...Type.Object({
    type: Type.Optional(Type.Unsafe<'exponential' | 'fixed' | null>({
      type: ['string', 'null'],
      enum: ['exponential', 'fixed', null],
      description: 'Whether the delay doubles with every failed attempt or stays the same.'
    })),
    delay_seconds: Type.Optional(Type.Unsafe<number | null>({
      type: ['number', 'null'],
      minimum: 0,
      maximum: 86400,
      description: 'The first delay, in seconds; 0 to 86,400 (a day).'
    })),
    max_delay_seconds: Type.Optional(Type.Unsafe<number | null>({
      type: ['number', 'null'],
      minimum: 0,
      maximum: 604800,
      description: 'No delay is longer, but for the jitter; in seconds, 0 to 604,800 (a week).'
    })),
    jitter: Type.Optional(Type.Unsafe<number | null>({
      type: ['number', 'null'],
      minimum: 0,
      maximum: 1,
      description: 'How much of the delay may be added at random, 0 to 1.'
    }))
  }, {
    additionalProperties: false,
    description: 'How long to wait before the next attempt, as in `Backoff`. What is `null`, or not said, is as it is there by default.'
  }),
  type: ['object', 'null']
})
export type BackoffPatch = Static<typeof BackoffPatch>

export const JobPatch = Type.Object({
  priority: Type.Optional(Type.Unsafe<'high' | 'normal' | 'low' | null>({
    type: ['string', 'null'],
    enum: ['high', 'normal', 'low', null],
    description: 'The jobs of a higher priority always go first.'
  })),
  run_at: Type.Optional(Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'When to make the next attempt, not before. A time in the past, or `null`, means now. Not together with `delay_seconds`.'
  })),
  delay_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 31536000,
    description: 'How long to wait before the next attempt, in seconds from now by the clock of Redis; 0 to 31,536,000 (a year). Never `null`: 0 means now. Not together with `run_at`.'
  })),
  input: Type.Optional(Type.Unknown({
    description: 'Any JSON, for the handler, instead of the one that is there. It comes back byte for byte. At most 1 MiB, and 64 levels with the body around it.'
  })),
  tags: Type.Optional(Type.Unsafe<(string)[] | null>({
    ...Type.Array(Type.String({ minLength: 1, maxLength: 64, description: 'A tag, 1 to 64 characters.' }), {
      maxItems: 20,
      uniqueItems: true,
      description: 'Words to group jobs by, at most 20, each once, instead of those that are there.'
    }),
    type: ['array', 'null']
  })),
  metadata: Type.Optional(Type.Unsafe<Record<string, string | null> | null>({
    ...Type.Unsafe<Record<string, string | null>>({
      type: 'object',
      maxProperties: 64,
      additionalProperties: Type.Unsafe<string | null>({
        type: ['string', 'null'],
        maxLength: 512,
        description: 'A value, at most 512 characters; `null` takes it away.'
      }),
      description: 'Strings by name; those that are not named stay. With those at most 32 in all.',
      propertyNames: Type.String({ minLength: 1, maxLength: 64, description: 'A key, 1 to 64 characters.' })
    }),
    type: ['object', 'null']
  })),
  max_attempts: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 100,
    description: 'How often to try, the first attempt and those that were made included; 1 to 100. The next attempt is made in any case.'
  })),
  backoff: Type.Optional(Type.Unsafe<BackoffPatch>({
    ...BackoffPatch,
    description: 'How long to wait after the next attempt, as in `Backoff`. What is not named stays; `null` takes the default again, of all or of one.'
  })),
  timeout_seconds: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 604800,
    description: 'How long one attempt may take, in seconds; 1 to 604,800 (a week).'
  })),
  keep_logs: Type.Optional(Type.Unsafe<boolean | null>({
    type: ['boolean', 'null'],
    description: 'Whether what the handler logs from then on is kept with the job.'
  }))
}, {
  additionalProperties: false,
  minProperties: 1,
  description: 'What to change of a job that waits, at least one field; `null` takes the default again, but `input` may be `null`, and `delay_seconds` may not (`0` is now).'
})
export type JobPatch = Static<typeof JobPatch>

export const NewJobs = Type.Object({ jobs: Type.Array(NewJob, { minItems: 1, maxItems: 1000, description: 'The jobs, 1 to 1,000.' }) }, { additionalProperties: false, description: 'Jobs to keep, all of them or none.' })
export type NewJobs = Static<typeof NewJobs>

export const CreatedJob = Type.Object({
  id: JobId,
  status: Type.Optional(Type.Unsafe<JobStatus>({
    ...JobStatus,
    description: '`cancelled` when a job that it depends on has failed, `blocked` when it waits for others, `scheduled` when `delay_seconds` or `run_at` puts it off, else `queued`. Absent of another job: read that.'
  })),
  existing: Type.Optional(Type.Boolean({ description: 'It is another job, which has the unique key; nothing was kept. Absent otherwise.' }))
}, { description: 'A job that has been kept, or another that has its unique key.' })
export type CreatedJob = Static<typeof CreatedJob>

export const CreatedJobs = Type.Object({
  jobs: Type.Array(CreatedJob, { minItems: 1, maxItems: 1000, description: 'The jobs, in the order of the request.' })
}, { description: 'Jobs that have been kept.' })
export type CreatedJobs = Static<typeof CreatedJobs>

export const Submitted = Type.Object({
  status: Type.Unsafe<JobStatus>({
    ...JobStatus,
    description: '`cancelled` when a job that it depends on has failed, `blocked` when it waits for others, `scheduled` when `delay_seconds` or `run_at` puts it off, else `queued`; with `Prefer: wait` what it is after that.'
  }),
  task: Type.String({ description: 'The task, as submitted.' }),
  id: JobId
}, { description: 'A job that has been kept.' })
export type Submitted = Static<typeof Submitted>

export const SubmitError = Type.Object({ error: Type.String({ description: 'What is wrong, for people. It names the field.' }) }, { description: 'The form that the errors of `POST /submit` have.' })
export type SubmitError = Static<typeof SubmitError>

export const AttemptError = Type.Object({
  attempt: Type.Integer({
    minimum: 1,
    description: 'Which attempt, counted from 1. One that was refused before its handler ran is one too; one that ended with its lease is made again, under the same number.'
  }),
  at: Type.String({ format: 'date-time', description: 'When it failed.' }),
  reason: FailureReason,
  type: Type.Optional(Type.String({
    maxLength: 128,
    description: 'The kind of error, if its worker named it: those that speak HTTP may.'
  })),
  message: Type.String({ maxLength: 2000, description: 'What went wrong, cut after 2,000 characters.' }),
  stack: Type.Optional(Type.String({ maxLength: 4000, description: 'Where in the handler, cut after 4,000 characters.' })),
  worker: Type.Optional(Type.String({ description: 'The id of the worker that ran it.' }))
}, { description: 'How one attempt failed.' })
export type AttemptError = Static<typeof AttemptError>

export const WaitingFor = Type.Object({
  reason: Type.Unsafe<'parents' | 'due' | 'paused' | 'concurrency' | 'rate_limit' | 'group_concurrency' | 'group_rate_limit' | 'no_worker' | 'turn'>({
    type: 'string',
    enum: [
      'parents',
      'due',
      'paused',
      'concurrency',
      'rate_limit',
      'group_concurrency',
      'group_rate_limit',
      'no_worker',
      'turn'
    ],
    description: '`parents`: jobs that it depends on, `job_ids`. `due`: its time, `until`. `paused`: its queue is paused. `concurrency`: as many jobs of its queue run as may. `rate_limit`: as many have started as may; the next may `until`. `group_concurrency`, `group_rate_limit`: the same of its group. `no_worker`: no live worker takes jobs from its queue. `turn`: nothing but the jobs before it and the turns of other groups.'
  }),
  until: Type.Optional(Type.String({
    format: 'date-time',
    description: 'When it is due, or when the next job of its queue or group may start. Only with `due`, `rate_limit` and `group_rate_limit`.'
  })),
  job_ids: Type.Optional(Type.Array(JobId, { maxItems: 100, description: 'Those that have not ended. Only with `parents`.' }))
}, { description: 'Something that a job waits for.' })
export type WaitingFor = Static<typeof WaitingFor>

export const Cancellation = Type.Object({
  reason: Type.Unsafe<'requested' | 'expired' | 'replaced' | 'parent_failed'>({
    type: 'string',
    enum: ['requested', 'expired', 'replaced', 'parent_failed'],
    description: '`requested`: somebody asked for it. `expired`: it had not started by `expires_at`. `replaced`: another job with its unique key took its place. `parent_failed`: a job that it depends on failed or was cancelled.'
  }),
  job_id: Type.Optional(Type.Unsafe<JobId>({
    ...JobId,
    description: 'The job that replaced it, or the one it depended on. Only with `replaced` and `parent_failed`.'
  }))
}, { description: 'Why a job was cancelled.' })
export type Cancellation = Static<typeof Cancellation>

export const Progress = Type.Object({
  percent: Type.Number({ minimum: 0, maximum: 100, description: 'Done, of 100.' }),
  message: Type.Optional(Type.String({ description: 'What it is at.' })),
  at: Type.String({ format: 'date-time', description: 'When it was said.' })
}, { description: 'How far the running attempt is, as its handler last said.' })
export type Progress = Static<typeof Progress>

export const ScheduleName = Type.String({
  pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
  description: 'Lower-case letters, digits, `.`, `_` and `-`, at most 64 characters, the first a letter or a digit.'
})
export type ScheduleName = Static<typeof ScheduleName>

export const JobSchedule = Type.Object({
  name: ScheduleName,
  slot: Type.Optional(Type.String({
    format: 'date-time',
    description: 'The slot that it is of. Absent when it was run outside the slots.'
  }))
}, { description: 'The schedule that made a job.' })
export type JobSchedule = Static<typeof JobSchedule>

export const Job = Type.Object({
  id: JobId,
  status: JobStatus,
  task: Type.String({ description: 'What is to be done, as submitted.' }),
  type: JobType,
  queue: QueueName,
  priority: Priority,
  group: Type.Optional(Group),
  input: Type.Unknown({ description: 'What was submitted, byte for byte; `null` if nothing was.' }),
  attempt: Type.Integer({
    minimum: 0,
    description: 'Attempts that count so far, the running one included; 0 before the first.'
  }),
  max_attempts: Type.Integer({ minimum: 1, maximum: 100, description: 'How often to try, the first attempt included.' }),
  backoff: Backoff,
  timeout_seconds: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 604800,
    description: 'How long one attempt may take, in seconds. Absent: as long as its worker lives.'
  })),
  keep_logs: Type.Optional(Type.Boolean({
    description: '`true` when what its handler logs is kept, to be read with `GET /jobs/{id}/logs`; else absent.'
  })),
  tags: Tags,
  metadata: Metadata,
  lost: Type.Integer({
    minimum: 0,
    description: 'Leases that ran out because the worker died or was cut off. They do not count as attempts; after 3 the job has failed.'
  }),
  created_at: Type.String({ format: 'date-time', description: 'When it was kept.' }),
  run_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'When it is due. Only while `scheduled` or `retrying`, or `blocked` with a time of its own.'
  })),
  waiting_for: Type.Optional(Type.Array(WaitingFor, {
    maxItems: 8,
    description: 'Why it does not run yet, all that there is. Only from `GET /jobs/{id}`, and only while it waits.'
  })),
  expires_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'When it is cancelled if it has not started by then. Absent: never.'
  })),
  unique: Type.Optional(Type.Unsafe<Unique>({
    ...Unique,
    description: 'The unique key that it was submitted with, whether it has it still or not.'
  })),
  depends_on: Type.Optional(Type.Array(JobId, { minItems: 1, maxItems: 100, description: 'The jobs that had to end first.' })),
  on_parent_failure: Type.Optional(Type.Unsafe<OnParentFailure>({ ...OnParentFailure, description: 'Only with `depends_on`.' })),
  schedule: Type.Optional(Type.Unsafe<JobSchedule>({ ...JobSchedule, description: 'Only of a job that a schedule has made.' })),
  http: Type.Optional(Type.Unsafe<HttpTarget>({
    ...HttpTarget,
    description: 'Where it is posted to be done, if it says so itself. Only with the type `http`.'
  })),
  callback_url: Type.Optional(Type.String({
    description: 'Where its outcome is posted when it ends. Of a delivery of a callback: where that goes.'
  })),
  started_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'When the current attempt, or else the last, began. Absent while none is known.'
  })),
  completed_at: Type.Optional(Type.String({ format: 'date-time', description: 'When it ended, whatever the outcome.' })),
  progress: Type.Optional(Progress),
  result: Type.Optional(Type.Unknown({
    description: 'What the handler returned, any JSON. Only when `completed`, and absent if it returned nothing.'
  })),
  error: Type.Optional(Type.Unsafe<AttemptError>({ ...AttemptError, description: 'The last of `errors`, unless the job has completed.' })),
  cancellation: Type.Optional(Type.Unsafe<Cancellation>({ ...Cancellation, description: 'Why it was cancelled. Only when `cancelled`.' })),
  errors: Type.Array(AttemptError, { maxItems: 10, description: 'The failures of the last attempts, at most 10, oldest first.' }),
  worker: Type.Optional(Type.String({ description: 'The id of the worker that runs it, or that ran it last.' }))
}, {
  description: 'A job and how it is doing. An entry that was pushed straight into Redis and is not a job shows with the task `(not a job)` and the entry as a string for its input.'
})
export type Job = Static<typeof Job>

export const JobPage = Type.Object({
  items: Type.Array(Job, { maxItems: 1000, description: 'The jobs.' }),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'For the next page; `null` on the last.' })
}, { description: 'A page of jobs.' })
export type JobPage = Static<typeof JobPage>

export const LogLevel = Type.Unsafe<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>({
  type: 'string',
  enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
  description: 'How severe a line is, the least severe first.'
})
export type LogLevel = Static<typeof LogLevel>

export const LogField = Type.Unknown({ description: 'Any JSON.' })
export type LogField = Static<typeof LogField>

export const LogLine = Type.Object({
  line: Type.Integer({
    minimum: 1,
    description: 'Its number among all lines of the job, dropped ones included; it never changes.'
  }),
  at: Type.String({ format: 'date-time', description: 'When it was logged, by the clock of Redis.' }),
  level: LogLevel,
  message: Type.String({ description: 'What it says; empty when it has only fields.' }),
  attempt: Type.Integer({
    minimum: 1,
    description: 'The attempt that logged it. A job that is retried by hand begins again with 1.'
  }),
  fields: Type.Unsafe<Record<string, LogField>>({
    type: 'object',
    additionalProperties: LogField,
    description: 'What was logged beside the message, as in the log of the worker; an error is `err`.'
  }),
  cut: Type.Optional(Type.Boolean({
    description: '`true` when the line was longer than 8 KiB: its message may be shortened, and fields are missing. Else absent.'
  }))
}, { description: 'A line that a handler logged.' })
export type LogLine = Static<typeof LogLine>

export const JobLog = Type.Object({
  items: Type.Array(LogLine, { maxItems: 1000, description: 'The lines.' }),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'For the next page; `null` on the last.' }),
  dropped: Type.Integer({
    minimum: 0,
    description: 'How many lines of the job, of whatever level and attempt, are not kept: the oldest of too many, and those for which Redis had no room.'
  })
}, { description: 'A page of the lines that are kept of a job.' })
export type JobLog = Static<typeof JobLog>

export const EventKind = Type.Unsafe<'submitted' | 'scheduled' | 'blocked' | 'queued' | 'edited' | 'started' | 'progress' | 'retrying' | 'completed' | 'failed' | 'cancelled'>({
  type: 'string',
  enum: [
    'submitted',
    'scheduled',
    'blocked',
    'queued',
    'edited',
    'started',
    'progress',
    'retrying',
    'completed',
    'failed',
    'cancelled'
  ],
  description: 'What happened to a job:\n- `submitted`: it was kept, and waits for a worker.\n- `scheduled`: it was kept or put off, or the jobs that it depends on have ended, and it waits for its time.\n- `blocked`: it was kept, and waits for other jobs.\n- `queued`: it waits for a worker, and did not before: its time has come, the jobs that it depends on have ended, its worker handed it back or was lost, or it was redriven.\n- `edited`: something of it has been changed. When that puts it off, or it need not wait any more, `scheduled` or `queued` follows.\n- `started`: a worker took it.\n- `progress`: its handler said how far it is.\n- `retrying`: the attempt failed, the next waits for its time.\n- `completed`: it is done.\n- `failed`: it was given up, and is in the dead letters.\n- `cancelled`: it will not run.\n'
})
export type EventKind = Static<typeof EventKind>

export const JobEvent = Type.Object({
  kind: EventKind,
  job_id: JobId,
  queue: QueueName,
  worker: Type.Optional(Type.String({
    description: 'The id of the worker that did it, or from which the job was taken. Absent for what no worker does.'
  })),
  at: Type.String({ format: 'date-time', description: 'When it happened.' }),
  progress: Type.Optional(Type.Unsafe<Progress>({ ...Progress, description: 'What the handler said. Only of the kind `progress`.' }))
}, { description: 'Something that happened to a job.' })
export type JobEvent = Static<typeof JobEvent>

export const StreamGap = Type.Object({ detail: Type.String({ description: 'Why, for people.' }) }, {
  description: 'The data of the event `gap`. Something is missing here; who needs to know it must read the jobs.'
})
export type StreamGap = Static<typeof StreamGap>

export const StreamEnd = Type.Object({
  reason: Type.Unsafe<'job_ended' | 'slow_reader' | 'shutting_down'>({
    type: 'string',
    enum: ['job_ended', 'slow_reader', 'shutting_down'],
    description: 'Why it ends. After `job_ended` nothing more would come; otherwise come again with `Last-Event-ID`.'
  }),
  detail: Type.String({ description: 'The same for people.' })
}, { description: 'The data of the event `end`, the last of a stream.' })
export type StreamEnd = Static<typeof StreamEnd>

export const FoundJobs = Type.Object({
  items: Type.Array(Job, {
    maxItems: 200,
    description: 'The jobs; none when the call has looked at as many as it may and found none.'
  }),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'To go on; `null` when all has been searched.' }),
  searched: Type.Integer({ minimum: 0, maximum: 10000, description: 'How many jobs were looked at.' })
}, { description: 'A page of the jobs that were asked for.' })
export type FoundJobs = Static<typeof FoundJobs>

export const FilterStatuses = Type.Array(JobStatus, { minItems: 1, maxItems: 8, uniqueItems: true, description: 'One of these statuses.' })
export type FilterStatuses = Static<typeof FilterStatuses>

export const FilterTask = Type.String({ minLength: 1, maxLength: 256, description: 'Exactly this task.' })
export type FilterTask = Static<typeof FilterTask>

export const FilterTag = Type.String({ minLength: 1, maxLength: 64, description: 'This tag.' })
export type FilterTag = Static<typeof FilterTag>

export const FilterWorker = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'The worker that runs the job, or ran it last; its id.'
})
export type FilterWorker = Static<typeof FilterWorker>

export const FilterTime = Type.String({
  format: 'date-time',
  description: 'A moment. Of a window the beginning is in it and the end is not.'
})
export type FilterTime = Static<typeof FilterTime>

export const FilterText = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'This text, in lower or upper case, in the input (as it was sent), the task, the id or the message of an error; 1 to 256 characters.'
})
export type FilterText = Static<typeof FilterText>

export const JobFilter = Type.Object({
  queue: Type.Optional(QueueName),
  status: Type.Optional(FilterStatuses),
  task: Type.Optional(FilterTask),
  type: Type.Optional(JobType),
  tag: Type.Optional(FilterTag),
  worker: Type.Optional(FilterWorker),
  priority: Type.Optional(Priority),
  created_after: Type.Optional(Type.Unsafe<FilterTime>({ ...FilterTime, description: 'Created then or later.' })),
  created_before: Type.Optional(Type.Unsafe<FilterTime>({ ...FilterTime, description: 'Created earlier than that.' })),
  finished_after: Type.Optional(Type.Unsafe<FilterTime>({ ...FilterTime, description: 'Ended then or later, whatever the outcome.' })),
  finished_before: Type.Optional(Type.Unsafe<FilterTime>({ ...FilterTime, description: 'Ended earlier than that, whatever the outcome.' })),
  q: Type.Optional(FilterText)
}, {
  additionalProperties: false,
  minProperties: 1,
  description: 'Which jobs, those that have all that is given; at least one member.'
})
export type JobFilter = Static<typeof JobFilter>

export const JobsAction = Type.Object({
  action: Type.Unsafe<'cancel' | 'retry' | 'promote' | 'delete'>({ type: 'string', enum: ['cancel', 'retry', 'promote', 'delete'], description: 'What to do.' }),
  filter: JobFilter,
  dry_run: Type.Optional(Type.Boolean({ default: false, description: 'Only count.' })),
  limit: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 1000,
    description: 'How many matches one call takes, 1 to 1,000.'
  })),
  cursor: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 256,
    description: 'The `next_cursor` of the call before, with the same filter.'
  }))
}, { additionalProperties: false, description: 'What to do to which jobs.' })
export type JobsAction = Static<typeof JobsAction>

export const JobsActed = Type.Object({
  matched: Type.Integer({ minimum: 0, maximum: 1000, description: 'Jobs that the filter means.' }),
  changed: Type.Integer({ minimum: 0, maximum: 1000, description: 'Those to which it was done; 0 with `dry_run`.' }),
  unchanged: Type.Integer({
    minimum: 0,
    maximum: 1000,
    description: 'Those that stayed as they are: they were so already, their status does not allow it, or they had gone meanwhile; 0 with `dry_run`.'
  }),
  searched: Type.Integer({ minimum: 0, maximum: 10000, description: 'How many jobs were looked at.' }),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'To go on; `null` when all has been searched.' })
}, { description: 'What became of many jobs.' })
export type JobsActed = Static<typeof JobsActed>

export const QueueCounts = Type.Object({
  blocked: Type.Integer({ minimum: 0, description: 'Waiting for other jobs.' }),
  queued: Type.Integer({ minimum: 0, description: 'Waiting for a worker.' }),
  scheduled: Type.Integer({ minimum: 0, description: 'Waiting for their time.' }),
  retrying: Type.Integer({ minimum: 0, description: 'Waiting for their next attempt.' }),
  active: Type.Integer({ minimum: 0, description: 'Running.' }),
  completed: Type.Integer({ minimum: 0, description: 'Done and still kept.' }),
  failed: Type.Integer({ minimum: 0, description: 'In the dead letters.' }),
  cancelled: Type.Integer({ minimum: 0, description: 'Cancelled and still kept.' })
}, { description: 'How many jobs are in each status now.' })
export type QueueCounts = Static<typeof QueueCounts>

export const QueuedByPriority = Type.Object({
  high: Type.Integer({ minimum: 0, description: 'Queued with priority `high`.' }),
  normal: Type.Integer({ minimum: 0, description: 'Queued with priority `normal`.' }),
  low: Type.Integer({ minimum: 0, description: 'Queued with priority `low`.' })
}, { description: 'How many of the queued jobs have which priority.' })
export type QueuedByPriority = Static<typeof QueuedByPriority>

export const QueueTotals = Type.Object({
  submitted: Type.Integer({ minimum: 0, description: 'Jobs that came in.' }),
  completed: Type.Integer({ minimum: 0, description: 'Jobs that completed.' }),
  failed: Type.Integer({ minimum: 0, description: 'Jobs that were dead-lettered.' }),
  cancelled: Type.Integer({ minimum: 0, description: 'Jobs that were cancelled.' }),
  retried: Type.Integer({ minimum: 0, description: 'Attempts that failed and were followed by another.' }),
  lost: Type.Integer({ minimum: 0, description: 'Leases that ran out.' })
}, { description: 'Counted since the queue\'s first job.' })
export type QueueTotals = Static<typeof QueueTotals>

export const RateLimit = Type.Unsafe<{ limit: number, period_seconds: number, burst: number | null } | null>({
  ...Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 1000000, description: 'How many may start in `period_seconds`.' }),
    period_seconds: Type.Integer({ minimum: 1, maximum: 2592000, description: 'The period, in seconds; 1 by default.' }),
    burst: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 1000000,
      description: 'How many may start at once after a quiet time. `null`, the default: they are spread over the period.'
    })
  }, { description: 'How many jobs may start in what time. `null`, any number.' }),
  type: ['object', 'null']
})
export type RateLimit = Static<typeof RateLimit>

export const GroupLimits = Type.Object({
  concurrency: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 1000000,
    description: 'Most of its jobs that run at the same time. `null`: as `group_concurrency` says.'
  }),
  rate_limit: Type.Unsafe<RateLimit>({
    ...RateLimit,
    description: 'How many of its jobs may start in what time. `null`: as `group_rate_limit` says.'
  })
}, { description: 'The limits of a group that has some of its own.' })
export type GroupLimits = Static<typeof GroupLimits>

export const QueueHttpTarget = Type.Unsafe<{ url: string } | null>({
  ...Type.Object({
    url: Type.String({
      minLength: 10,
      maxLength: 2048,
      description: 'An `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address.'
    })
  }, {
    additionalProperties: false,
    description: 'Where those of its jobs are posted to be done that are of the type `http` and do not say where themselves; it counts for those that wait, too. `null`, the default: nowhere.'
  }),
  type: ['object', 'null']
})
export type QueueHttpTarget = Static<typeof QueueHttpTarget>

export const JobDefaults = Type.Object({
  max_attempts: Type.Integer({
    minimum: 1,
    maximum: 100,
    description: 'How often to try, the first attempt included; 3 by default.'
  }),
  backoff: Backoff,
  timeout_seconds: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 604800,
    description: 'How long one attempt may take, in seconds; `null`, the default: as long as its worker lives.'
  }),
  keep_logs: Type.Boolean({ description: 'Whether what the handlers log is kept with the jobs; `false` by default.' })
}, { description: 'What a job of the queue has when it does not say it itself.' })
export type JobDefaults = Static<typeof JobDefaults>

export const InputSchema = Type.Unknown({
  description: 'A JSON Schema (draft 2020-12) that contains all it refers to, an object or a boolean.\n\nIts regular expressions are those of ECMAScript with the flag `u`, but for what only backtracking can find: look-around and back-references are refused, and so are repetitions of more than 1,000 and the long names of Unicode properties (`\\p{Letter}` for `\\p{L}`). All schemas of a queue may take 500 ms to compile, and the inputs of one request 500 ms to be checked: else the request is refused (400).\n'
})
export type InputSchema = Static<typeof InputSchema>

export const QueueSettings = Type.Object({
  completed_retention_seconds: Type.Integer({
    minimum: 1,
    maximum: 31536000,
    description: 'How long completed and cancelled jobs are kept, in seconds; by default `COMPLETED_RETENTION_SECONDS`, a day.'
  }),
  completed_max: Type.Integer({
    minimum: 1,
    maximum: 10000000,
    description: 'Most completed jobs kept, and most cancelled ones; by default `COMPLETED_MAX`, 100,000.'
  }),
  dlq_retention_seconds: Type.Integer({
    minimum: 1,
    maximum: 31536000,
    description: 'How long dead letters are kept, in seconds; by default `DLQ_RETENTION_SECONDS`, 14 days.'
  }),
  dlq_max: Type.Integer({
    minimum: 1,
    maximum: 10000000,
    description: 'Most dead letters kept; by default `DLQ_MAX`, 100,000.'
  }),
  max_length: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 100000000,
    description: 'Most jobs that may wait: queued, scheduled, retrying and blocked ones together. A submit that would make it more is refused (429). `null`, the default: no bound.'
  }),
  concurrency: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 1000000,
    description: 'Most of its jobs that run at the same time, all workers together. `null`, the default: as many as there are workers for.'
  }),
  rate_limit: Type.Unsafe<RateLimit>({
    ...RateLimit,
    description: 'How many of its jobs may start in what time. `null`, the default: any number.'
  }),
  group_concurrency: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 1000000,
    description: 'Most jobs of one group that run at the same time. `null`, the default: any number.'
  }),
  group_rate_limit: Type.Unsafe<RateLimit>({
    ...RateLimit,
    description: 'How many jobs of one group may start in what time. `null`, the default: any number.'
  }),
  group_overrides: Type.Unsafe<Record<string, GroupLimits>>({
    type: 'object',
    maxProperties: 1000,
    additionalProperties: GroupLimits,
    description: 'By group, what it has instead of `group_concurrency` and `group_rate_limit`.'
  }),
  priority_aging_seconds: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 604800,
    description: 'How long a job waits until it counts as one priority higher. `null`, the default: it never does.'
  }),
  http: QueueHttpTarget,
  defaults: JobDefaults,
  input_schemas: Type.Unsafe<Record<string, InputSchema>>({
    type: 'object',
    maxProperties: 100,
    additionalProperties: InputSchema,
    description: 'By task, what `input` must be: a submit with another one is refused (400). Tasks that are not named may have any.'
  })
}, {
  description: 'The settings of a queue, as they count now. What has not been set is as the settings of the process have it.'
})
export type QueueSettings = Static<typeof QueueSettings>

export const Queue = Type.Object({
  name: QueueName,
  paused: Type.Boolean({ description: 'No job of it is started until it is resumed.' }),
  counts: QueueCounts,
  queued_by_priority: QueuedByPriority,
  oldest_waiting_seconds: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    minimum: 0,
    description: 'The age of the oldest job at the head of a priority, in seconds since it was created; `null` when none waits.'
  }),
  totals: QueueTotals,
  settings: Type.Optional(Type.Unsafe<QueueSettings>({ ...QueueSettings, description: 'Not in lists of queues.' }))
}, { description: 'A queue in numbers.' })
export type Queue = Static<typeof Queue>

export const QueueScale = Type.Object({
  queue: QueueName,
  paused: Type.Boolean({ description: 'No job of it is started until it is resumed.' }),
  backlog: Type.Integer({ minimum: 0, description: 'Jobs that could run now: those with the status `queued`.' }),
  oldest_seconds: Type.Number({
    minimum: 0,
    description: 'The age of the oldest job at the head of a priority, in seconds since it was created; 0 when none waits.'
  }),
  active: Type.Integer({ minimum: 0, description: 'Jobs that workers hold, of at most 1,000 workers.' }),
  arrival_rate: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    minimum: 0,
    description: 'Jobs that were submitted a second, lately; `null` while it is not known.'
  }),
  service_rate: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    minimum: 0,
    description: 'Attempts that ended a second, lately, whatever came of them; `null` while it is not known.'
  }),
  workers: Type.Integer({ minimum: 0, description: 'Live workers that take jobs from it, of at most 1,000 workers.' }),
  suggested_workers: Type.Integer({ minimum: 0, description: 'How many workers it needs.' })
}, { description: 'How busy a queue is, and how many workers it needs.' })
export type QueueScale = Static<typeof QueueScale>

export const JobDefaultsPatch = Type.Unsafe<{ max_attempts?: number | null, backoff?: BackoffPatch, timeout_seconds?: number | null, keep_logs?: boolean | null } | null>({
  ...Type.Object({
    max_attempts: Type.Optional(Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 100,
      description: 'How often to try, the first attempt included; 1 to 100, 3 by default.'
    })),
    backoff: Type.Optional(BackoffPatch),
    timeout_seconds: Type.Optional(Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 604800,
      description: 'How long one attempt may take, in seconds; 1 to 604,800 (a week). By default as long as its worker lives.'
    })),
    keep_logs: Type.Optional(Type.Unsafe<boolean | null>({
      type: ['boolean', 'null'],
      description: 'Whether what the handlers log is kept with the jobs; not by default.'
    }))
  }, {
    additionalProperties: false,
    description: 'What a job of the queue has when it does not say it itself. `null` takes the default again, of all or of one.'
  }),
  type: ['object', 'null']
})
export type JobDefaultsPatch = Static<typeof JobDefaultsPatch>

export const RateLimitPatch = Type.Unsafe<{ limit?: number, period_seconds?: number | null, burst?: number | null } | null>({
  ...Type.Object({
    limit: Type.Optional(Type.Integer({
      minimum: 1,
      maximum: 1000000,
      description: 'How many may start in `period_seconds`; 1 to 1,000,000. There must be one.'
    })),
    period_seconds: Type.Optional(Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 2592000,
      description: 'The period, in seconds; 1 to 2,592,000 (30 days), 1 by default.'
    })),
    burst: Type.Optional(Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 1000000,
      description: 'How many may start at once after a quiet time; 1 to 1,000,000. By default they are spread over the period.'
    }))
  }, {
    additionalProperties: false,
    description: 'How many jobs may start in what time; a job starts when a worker takes it. `null` for any number.\n\nWithout `burst` they are spread over the period, and in no `period_seconds`, wherever it begins, more than `limit` start; where that is more than 25, up to 4 % of it may remain unused. With `burst` so many may start at once after a quiet time, and then one each `period_seconds` ÷ `limit`: in any period at most `limit` + `burst` − 1.\n'
  }),
  type: ['object', 'null']
})
export type RateLimitPatch = Static<typeof RateLimitPatch>

export const GroupLimitsPatch = Type.Unsafe<{ concurrency?: number | null, rate_limit?: RateLimitPatch } | null>({
  ...Type.Object({
    concurrency: Type.Optional(Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 1000000,
      description: 'Most of its jobs that run at the same time; 1 to 1,000,000, `null` for what `group_concurrency` says.'
    })),
    rate_limit: Type.Optional(Type.Unsafe<RateLimitPatch>({
      ...RateLimitPatch,
      description: 'How many of its jobs may start in what time; `null` for what `group_rate_limit` says.'
    }))
  }, { additionalProperties: false, description: 'What limits of a group to change.' }),
  type: ['object', 'null']
})
export type GroupLimitsPatch = Static<typeof GroupLimitsPatch>

export const QueueSettingsPatch = Type.Object({
  completed_retention_seconds: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 31536000,
    description: 'How long completed and cancelled jobs are kept, in seconds; 1 to 31,536,000 (a year).'
  })),
  completed_max: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 10000000,
    description: 'Most completed jobs kept, and most cancelled ones; 1 to 10,000,000.'
  })),
  dlq_retention_seconds: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 31536000,
    description: 'How long dead letters are kept, in seconds; 1 to 31,536,000 (a year).'
  })),
  dlq_max: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 10000000,
    description: 'Most dead letters kept; 1 to 10,000,000.'
  })),
  max_length: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 100000000,
    description: 'Most jobs that may wait: queued, scheduled, retrying and blocked ones together; 1 to 100,000,000, `null` for no bound. Those that are there already stay.'
  })),
  concurrency: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 1000000,
    description: 'Most of its jobs that run at the same time, all workers together; 1 to 1,000,000, `null` for as many as there are workers for. A job that a worker has taken counts until its end is told or its lease has ended. When it is set while more run, none starts until fewer do.'
  })),
  rate_limit: Type.Optional(RateLimitPatch),
  group_concurrency: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 1000000,
    description: 'Most jobs of one group that run at the same time; 1 to 1,000,000, `null` for any number.'
  })),
  group_rate_limit: Type.Optional(Type.Unsafe<RateLimitPatch>({
    ...RateLimitPatch,
    description: 'How many jobs of one group may start in what time, as `rate_limit`.'
  })),
  group_overrides: Type.Optional(Type.Unsafe<Record<string, GroupLimitsPatch> | null>({
    ...Type.Unsafe<Record<string, GroupLimitsPatch>>({
      type: 'object',
      maxProperties: 1000,
      additionalProperties: GroupLimitsPatch,
      description: 'By group, what it has instead of `group_concurrency` and `group_rate_limit`; `null` takes those of a group away. With those that are there, at most 1,000 groups.',
      propertyNames: Group
    }),
    type: ['object', 'null']
  })),
  priority_aging_seconds: Type.Optional(Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 604800,
    description: 'Each time that a job has waited for so long since it was created it counts as one priority higher: it is taken before younger ones of that priority; 1 to 604,800 (a week), `null` for never.'
  })),
  http: Type.Optional(QueueHttpTarget),
  defaults: Type.Optional(JobDefaultsPatch),
  input_schemas: Type.Optional(Type.Unsafe<Record<string, InputSchema> | null>({
    ...Type.Unsafe<Record<string, InputSchema>>({
      type: 'object',
      maxProperties: 100,
      additionalProperties: InputSchema,
      description: 'By task, a JSON Schema (draft 2020-12) that its `input` must fit; `null` takes the one of a task away. With those that are there, at most 100 tasks and 64 KiB (65,536 bytes). A schema that is none is refused, and so are keywords and formats that are not known. Its patterns are run at each submit: take none from people you do not trust.',
      propertyNames: Type.String({ minLength: 1, maxLength: 256, description: 'A task, 1 to 256 characters.' })
    }),
    type: ['object', 'null']
  }))
}, {
  additionalProperties: false,
  description: 'What to change of the settings of a queue; `null` takes the default again.'
})
export type QueueSettingsPatch = Static<typeof QueueSettingsPatch>

export const PurgeableStatus = Type.Unsafe<'blocked' | 'queued' | 'scheduled' | 'retrying' | 'completed' | 'failed' | 'cancelled'>({
  type: 'string',
  enum: ['blocked', 'queued', 'scheduled', 'retrying', 'completed', 'failed', 'cancelled'],
  description: 'Any status but `active`.'
})
export type PurgeableStatus = Static<typeof PurgeableStatus>

export const PurgeRequest = Type.Object({
  statuses: Type.Optional(Type.Array(PurgeableStatus, {
    minItems: 1,
    maxItems: 7,
    uniqueItems: true,
    default: ['blocked', 'queued', 'scheduled', 'retrying'],
    description: 'Jobs in these statuses; each once.'
  }))
}, { additionalProperties: false, description: 'What to delete of a queue.' })
export type PurgeRequest = Static<typeof PurgeRequest>

export const PurgedCounts = Type.Object({
  blocked: Type.Integer({ minimum: 0, description: 'Were waiting for other jobs.' }),
  queued: Type.Integer({ minimum: 0, description: 'Were waiting for a worker.' }),
  scheduled: Type.Integer({ minimum: 0, description: 'Were waiting for their time.' }),
  retrying: Type.Integer({ minimum: 0, description: 'Were waiting for their next attempt.' }),
  completed: Type.Integer({ minimum: 0, description: 'Were done.' }),
  failed: Type.Integer({ minimum: 0, description: 'Were in the dead letters.' }),
  cancelled: Type.Integer({ minimum: 0, description: 'Were cancelled.' })
}, { description: 'How many jobs were deleted that were in each status.' })
export type PurgedCounts = Static<typeof PurgedCounts>

export const Purged = Type.Object({ purged: PurgedCounts, more: Type.Boolean({ description: 'There may be more: call again.' }) }, { description: 'What a purge did.' })
export type Purged = Static<typeof Purged>

export const QueuePage = Type.Object({
  items: Type.Array(Queue, { maxItems: 100, description: 'The queues.' }),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'For the next page; `null` on the last.' })
}, { description: 'A page of queues.' })
export type QueuePage = Static<typeof QueuePage>

export const RedriveRequest = Type.Object({
  ids: Type.Optional(Type.Array(JobId, {
    minItems: 1,
    maxItems: 1000,
    uniqueItems: true,
    description: 'These jobs, 1 to 1,000, each once. `limit` then does not matter.'
  })),
  limit: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 1000,
    description: 'Without `ids`: how many of the oldest, 1 to 1,000.'
  }))
}, { additionalProperties: false, description: 'Which dead letters to queue again.' })
export type RedriveRequest = Static<typeof RedriveRequest>

export const Redriven = Type.Object({
  redriven: Type.Integer({ minimum: 0, description: 'Jobs that were queued again.' }),
  remaining: Type.Integer({ minimum: 0, description: 'Jobs that are still in the dead letters.' }),
  not_found: Type.Array(JobId, { maxItems: 1000, description: 'Those of `ids` that are not in the dead letters of this queue.' })
}, { description: 'What a redrive did.' })
export type Redriven = Static<typeof Redriven>

export const JobTemplate = Type.Object({
  task: Type.String({
    minLength: 1,
    maxLength: 256,
    description: 'What is to be done: the name of the handler that does it, or free text for a handler that takes every task. 1 to 256 characters.'
  }),
  type: Type.Optional(JobType),
  input: Type.Optional(Type.Unknown({
    description: 'Any JSON, for the handler. It comes back byte for byte. At most 64 KiB with the body around it.'
  })),
  queue: Type.Optional(QueueName),
  priority: Type.Optional(Priority),
  group: Type.Optional(Group),
  max_attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'How often to try, the first attempt included; 1 to 100.' })),
  backoff: Type.Optional(Type.Object({
    type: Type.Optional(BackoffType),
    delay_seconds: Type.Optional(Type.Number({ minimum: 0, maximum: 86400, description: 'The first delay, in seconds; 0 to 86,400 (a day).' })),
    max_delay_seconds: Type.Optional(Type.Number({
      minimum: 0,
      maximum: 604800,
      description: 'No delay is longer, but for the jitter; in seconds, 0 to 604,800 (a week).'
    })),
    jitter: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'How much of the delay may be added at random.' }))
  }, {
    additionalProperties: false,
    description: 'How long to wait before the next attempt, as in `Backoff`.'
  })),
  timeout_seconds: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 604800,
    description: 'How long one attempt may take, in seconds; 1 to 604,800 (a week). Absent: as long as its worker lives.'
  })),
  keep_logs: Type.Optional(Type.Boolean({
    description: 'Whether what the handler logs is kept with the job, to be read with `GET /jobs/{id}/logs`: at most 1,000 lines and 1 MiB.'
  })),
  ttl_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 31536000,
    description: 'How long the job may wait for its first attempt, in seconds from when it is made; 0 to 31,536,000 (a year). A job that has not started by then is cancelled, with the reason `expired`.'
  })),
  unique: Type.Optional(Unique),
  http: Type.Optional(Type.Unsafe<HttpTarget>({
    ...HttpTarget,
    description: 'Where each job is posted to be done; only with the type `http`, and required there unless its queue has one.'
  })),
  callback_url: Type.Optional(Type.String({
    minLength: 10,
    maxLength: 2048,
    description: 'Where the outcome of each job is posted when it ends: as for `POST /jobs`.'
  })),
  tags: Type.Optional(Tags),
  metadata: Type.Optional(Metadata)
}, {
  additionalProperties: false,
  description: 'The jobs that a schedule makes. As for `POST /jobs`, but for what is about one moment (`run_at`, `delay_seconds`, `expires_at`) or about other jobs (`depends_on`). A field that is left out is as it is then for a job that does not say it, as the queue\'s settings have it, or else by its default.'
})
export type JobTemplate = Static<typeof JobTemplate>

export const Missed = Type.Unsafe<'skip' | 'one'>({
  type: 'string',
  enum: ['skip', 'one'],
  description: 'What becomes of slots that could not be fired within 60 seconds. `one`: one job makes up for all of them together, its slot is the first of them. `skip`: nothing.'
})
export type Missed = Static<typeof Missed>

export const Overlap = Type.Unsafe<'allow' | 'skip'>({
  type: 'string',
  enum: ['allow', 'skip'],
  description: 'Whether a slot makes a job although the job of the slot before has not ended. `skip`: it does not, and the slot is skipped (`overlap`).'
})
export type Overlap = Static<typeof Overlap>

export const NewSchedule = Type.Object({
  cron: Type.Optional(Type.String({
    minLength: 9,
    maxLength: 256,
    pattern: '^ *[^ @]+( +[^ ]+){4,5} *$',
    description: 'When it fires, in the wall time of `timezone`: minute, hour, day of the month, month, day of the week; with six fields a second in front. Numbers, names (`JAN`, `MON`), `*`, lists, ranges and steps, and `L` (the last), `15W` (the weekday next to the 15th), `MON#2` (the second Monday). When both days are given either counts, and with `+` before the day of the week both must fit. What never comes is refused.'
  })),
  timezone: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$',
    default: 'UTC',
    description: 'The time zone that `cron` is in, a name of the IANA database. Only with `cron`.'
  })),
  every_seconds: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 31536000,
    description: 'A slot every so many seconds, counted from `start_at`, or else from 1970-01-01T00:00:00Z; 1 to 31,536,000 (a year).'
  })),
  start_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'There is no slot before. With `every_seconds` the first is at this time.'
  })),
  end_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'There is no slot at this time or after it. It must be after `start_at`.'
  })),
  job: JobTemplate,
  missed: Type.Optional(Type.Unsafe<Missed>({ ...Missed, default: 'one' })),
  overlap: Type.Optional(Type.Unsafe<Overlap>({ ...Overlap, default: 'allow' })),
  paused: Type.Optional(Type.Boolean({
    description: 'Whether it is to fire nothing until it is resumed. Absent: as it was, and a new one is not paused.'
  }))
}, {
  additionalProperties: false,
  description: 'A schedule. Either `cron` or `every_seconds` must be given.'
})
export type NewSchedule = Static<typeof NewSchedule>

export const SkippedSlot = Type.Object({
  slot: Type.String({ format: 'date-time', description: 'Its time.' }),
  reason: Type.Unsafe<'missed' | 'overlap' | 'queue_full' | 'unique_key' | 'invalid_input'>({
    type: 'string',
    enum: ['missed', 'overlap', 'queue_full', 'unique_key', 'invalid_input'],
    description: '`missed`: it could not be fired within 60 seconds. `overlap`: the job of the slot before had not ended. `queue_full`: for 60 seconds. `unique_key`: another job has the unique key of the template. `invalid_input`: the input does not fit the schema that its queue has now.'
  })
}, { description: 'The slot that was skipped last, of several at once the first.' })
export type SkippedSlot = Static<typeof SkippedSlot>

export const Schedule = Type.Object({
  name: ScheduleName,
  cron: Type.Optional(Type.String({ description: 'When it fires, as it was given.' })),
  timezone: Type.Optional(Type.String({ description: 'The time zone of `cron`.' })),
  every_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 31536000, description: 'How many seconds are between its slots.' })),
  start_at: Type.Optional(Type.String({ format: 'date-time', description: 'There is no slot before. Absent: always.' })),
  end_at: Type.Optional(Type.String({ format: 'date-time', description: 'There is no slot at this time or after it. Absent: never.' })),
  job: JobTemplate,
  missed: Missed,
  overlap: Overlap,
  paused: Type.Boolean({ description: 'Whether it fires nothing until it is resumed.' }),
  next_slot: Type.Optional(Type.String({
    format: 'date-time',
    description: 'Its next slot. Absent when it is paused or has none any more.'
  })),
  next_times: Type.Optional(Type.Array(Type.String({ format: 'date-time', description: 'A time.' }), {
    maxItems: 5,
    description: 'Its next slots, at most five; of a paused one those that it would have if it were resumed now. Not in lists.'
  })),
  last_slot: Type.Optional(Type.String({ format: 'date-time', description: 'The last slot that made a job. Absent before the first.' })),
  last_job_id: Type.Optional(Type.Unsafe<JobId>({ ...JobId, description: 'That job. It may no longer be kept.' })),
  fired: Type.Integer({ minimum: 0, description: 'How many slots have made a job.' }),
  skipped: Type.Integer({
    minimum: 0,
    description: 'How many slots have not; of slots that were missed together at most 100 are counted.'
  }),
  last_skip: Type.Optional(SkippedSlot),
  created_at: Type.String({ format: 'date-time', description: 'When it was made.' }),
  updated_at: Type.String({ format: 'date-time', description: 'When it was last replaced.' })
}, { description: 'A schedule and what it has done.' })
export type Schedule = Static<typeof Schedule>

export const SchedulePage = Type.Object({
  items: Type.Array(Schedule, { maxItems: 100, description: 'The schedules.' }),
  next_cursor: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Pass it as `cursor` for the next page; `null` on the last.'
  })
}, { description: 'A page of schedules.' })
export type SchedulePage = Static<typeof SchedulePage>

export const WebhookId = Type.String({ format: 'uuid', maxLength: 36, description: 'A UUID (version 7).' })
export type WebhookId = Static<typeof WebhookId>

export const WebhookEventKind = Type.Unsafe<'submitted' | 'scheduled' | 'blocked' | 'queued' | 'edited' | 'started' | 'retrying' | 'completed' | 'failed' | 'cancelled'>({
  type: 'string',
  enum: [
    'submitted',
    'scheduled',
    'blocked',
    'queued',
    'edited',
    'started',
    'retrying',
    'completed',
    'failed',
    'cancelled'
  ],
  description: 'A kind of `EventKind` that can be posted; `progress` comes too often, follow `GET /events` for it.'
})
export type WebhookEventKind = Static<typeof WebhookEventKind>

export const WebhookSecret = Type.String({
  pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$',
  description: 'A secret as Standard Webhooks has it, `whsec_` and 24 to 64 bytes in base64.'
})
export type WebhookSecret = Static<typeof WebhookSecret>

export const NewWebhook = Type.Object({
  url: Type.String({
    minLength: 10,
    maxLength: 2048,
    description: 'Where events are posted. An `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address.'
  }),
  queues: Type.Optional(Type.Array(QueueName, {
    maxItems: 100,
    uniqueItems: true,
    default: [],
    description: 'Only events of these queues, at most 100; none: of all.'
  })),
  events: Type.Optional(Type.Array(WebhookEventKind, {
    minItems: 1,
    maxItems: 10,
    uniqueItems: true,
    default: ['completed', 'failed', 'cancelled'],
    description: 'Only events of these kinds.'
  })),
  secret: Type.Optional(Type.Unsafe<WebhookSecret>({ ...WebhookSecret, description: 'What deliveries are signed with. Absent: one is made.' })),
  description: Type.Optional(Type.String({ maxLength: 256, description: 'Whatever helps people, at most 256 characters.' }))
}, { additionalProperties: false, description: 'A webhook to register.' })
export type NewWebhook = Static<typeof NewWebhook>

export const WebhookPatch = Type.Object({
  url: Type.Optional(Type.String({
    minLength: 10,
    maxLength: 2048,
    description: 'Where events are posted. An `https` or `http` URL of at most 2,048 characters, without user name and password, that leads to a public address.'
  })),
  queues: Type.Optional(Type.Array(QueueName, {
    maxItems: 100,
    uniqueItems: true,
    description: 'Only events of these queues, at most 100; none: of all.'
  })),
  events: Type.Optional(Type.Array(WebhookEventKind, { minItems: 1, maxItems: 10, uniqueItems: true, description: 'Only events of these kinds.' })),
  description: Type.Optional(Type.Unsafe<string | null>({
    type: ['string', 'null'],
    maxLength: 256,
    description: 'Whatever helps people, at most 256 characters; `null` takes it away.'
  })),
  enabled: Type.Optional(Type.Boolean({ description: 'Whether it gets anything.' }))
}, {
  additionalProperties: false,
  minProperties: 1,
  description: 'What to change of a webhook, at least one field.'
})
export type WebhookPatch = Static<typeof WebhookPatch>

export const WebhookRotation = Type.Object({
  secret: Type.Optional(Type.Unsafe<WebhookSecret>({ ...WebhookSecret, description: 'The new secret. Absent: one is made.' }))
}, { additionalProperties: false, description: 'A secret of your own, if it is not to be made.' })
export type WebhookRotation = Static<typeof WebhookRotation>

export const WebhookDisabled = Type.Object({
  at: Type.String({ format: 'date-time', description: 'Since when.' }),
  reason: Type.Unsafe<'requested' | 'gone' | 'failing'>({
    type: 'string',
    enum: ['requested', 'gone', 'failing'],
    description: '`requested`: somebody has disabled it; `gone`: its endpoint answered 410; `failing`: for days (`WEBHOOK_DISABLE_SECONDS`, three by default) there was not one delivery that succeeded, and ten or more that failed.'
  })
}, { description: 'Why a webhook gets nothing.' })
export type WebhookDisabled = Static<typeof WebhookDisabled>

export const WebhookEndpoint = Type.Object({
  failures: Type.Integer({ minimum: 0, description: 'Deliveries that failed since one succeeded.' }),
  failing_since: Type.Optional(Type.String({ format: 'date-time', description: 'When the first of these did.' })),
  last_status: Type.Optional(Type.Integer({ description: 'The status of the last answer. Absent when there was none.' })),
  last_error: Type.Optional(Type.String({ description: 'Why the last one failed, if it did; at most 500 characters.' })),
  last_at: Type.Optional(Type.String({ format: 'date-time', description: 'When the last one was made.' })),
  slowed_until: Type.Optional(Type.String({
    format: 'date-time',
    description: 'No delivery is tried before, as it fails or has asked for that.'
  }))
}, { description: 'How the endpoint of a webhook is doing.' })
export type WebhookEndpoint = Static<typeof WebhookEndpoint>

export const Webhook = Type.Object({
  id: WebhookId,
  url: Type.String({ description: 'Where events are posted.' }),
  queues: Type.Array(QueueName, { maxItems: 100, description: 'Only events of these queues; none: of all.' }),
  events: Type.Array(WebhookEventKind, { maxItems: 10, description: 'Only events of these kinds.' }),
  description: Type.Optional(Type.String({ description: 'Whatever helps people.' })),
  enabled: Type.Boolean({ description: 'Whether it gets anything.' }),
  disabled: Type.Optional(Type.Unsafe<WebhookDisabled>({ ...WebhookDisabled, description: 'Why it does not. Only when it is not enabled.' })),
  secret: Type.Optional(Type.Unsafe<WebhookSecret>({
    ...WebhookSecret,
    description: 'What deliveries are signed with. Only in the answer to its registration or a rotation.'
  })),
  old_secret_until: Type.Optional(Type.String({
    format: 'date-time',
    description: 'Until when deliveries are signed with the secret before, too. Absent when there is none. Secrets before that one end sooner.'
  })),
  created_at: Type.String({ format: 'date-time', description: 'When it was registered.' }),
  updated_at: Type.String({ format: 'date-time', description: 'When it was last changed.' }),
  endpoint: WebhookEndpoint
}, { description: 'A webhook.' })
export type Webhook = Static<typeof Webhook>

export const WebhookPage = Type.Object({
  items: Type.Array(Webhook, { maxItems: 100, description: 'The webhooks, the oldest first.' }),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'For the next page; `null` on the last.' })
}, { description: 'A page of webhooks.' })
export type WebhookPage = Static<typeof WebhookPage>

export const WebhookTest = Type.Object({ job_id: Type.Unsafe<JobId>({ ...JobId, description: 'Its job.' }) }, { description: 'A delivery that was asked for.' })
export type WebhookTest = Static<typeof WebhookTest>

export const JobToRunData = Type.Object({
  id: JobId,
  task: Type.String({ description: 'What is to be done, as submitted.' }),
  queue: QueueName,
  priority: Priority,
  attempt: Type.Integer({ minimum: 1, description: 'Which attempt this is, 1 for the first.' }),
  max_attempts: Type.Integer({ minimum: 1, maximum: 100, description: 'How often to try, the first attempt included.' }),
  deadline: Type.String({ format: 'date-time', description: 'When an answer is no longer waited for.' }),
  tags: Tags,
  metadata: Metadata,
  lost: Type.Integer({ minimum: 0, description: 'How often a worker died with this job before.' }),
  created_at: Type.String({ format: 'date-time', description: 'When it was kept.' }),
  schedule: Type.Optional(Type.Unsafe<JobSchedule>({ ...JobSchedule, description: 'Only of a job that a schedule has made.' })),
  input: Type.Unknown({ description: 'What was submitted, byte for byte; `null` if nothing was.' })
}, { description: 'The job; fields as in `Job`.' })
export type JobToRunData = Static<typeof JobToRunData>

export const JobToRun = Type.Object({
  type: Type.Unsafe<'job.run'>({ type: 'string', enum: ['job.run'], description: 'The same for all.' }),
  timestamp: Type.String({ format: 'date-time', description: 'When it was posted.' }),
  data: JobToRunData
}, {
  additionalProperties: false,
  description: 'What is posted when a job of the type `http` is to be done.'
})
export type JobToRun = Static<typeof JobToRun>

export const JobMessageData = Type.Object({
  id: JobId,
  status: Type.Optional(JobStatus),
  task: Type.Optional(Type.String({ description: 'What is to be done, as submitted.' })),
  type: Type.Optional(JobType),
  queue: QueueName,
  priority: Type.Optional(Priority),
  group: Type.Optional(Group),
  attempt: Type.Optional(Type.Integer({
    minimum: 0,
    description: 'Attempts that count so far, the running one included; 0 before the first.'
  })),
  max_attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'How often to try, the first attempt included.' })),
  backoff: Type.Optional(Backoff),
  timeout_seconds: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 604800,
    description: 'How long one attempt may take, in seconds. Absent: as long as its worker lives.'
  })),
  keep_logs: Type.Optional(Type.Boolean({
    description: '`true` when what its handler logs is kept, to be read with `GET /jobs/{id}/logs`; else absent.'
  })),
  tags: Type.Optional(Tags),
  metadata: Type.Optional(Metadata),
  lost: Type.Optional(Type.Integer({
    minimum: 0,
    description: 'Leases that ran out because the worker died or was cut off. They do not count as attempts; after 3 the job has failed.'
  })),
  created_at: Type.Optional(Type.String({ format: 'date-time', description: 'When it was kept.' })),
  run_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'When it is due. Only while `scheduled` or `retrying`, or `blocked` with a time of its own.'
  })),
  expires_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'When it is cancelled if it has not started by then. Absent: never.'
  })),
  unique: Type.Optional(Type.Unsafe<Unique>({
    ...Unique,
    description: 'The unique key that it was submitted with, whether it has it still or not.'
  })),
  depends_on: Type.Optional(Type.Array(JobId, { minItems: 1, maxItems: 100, description: 'The jobs that had to end first.' })),
  on_parent_failure: Type.Optional(Type.Unsafe<OnParentFailure>({ ...OnParentFailure, description: 'Only with `depends_on`.' })),
  schedule: Type.Optional(Type.Unsafe<JobSchedule>({ ...JobSchedule, description: 'Only of a job that a schedule has made.' })),
  http: Type.Optional(Type.Unsafe<HttpTarget>({
    ...HttpTarget,
    description: 'Where it is posted to be done, if it says so itself. Only with the type `http`.'
  })),
  callback_url: Type.Optional(Type.String({
    description: 'Where its outcome is posted when it ends. Of a delivery of a callback: where that goes.'
  })),
  started_at: Type.Optional(Type.String({
    format: 'date-time',
    description: 'When the current attempt, or else the last, began. Absent while none is known.'
  })),
  completed_at: Type.Optional(Type.String({ format: 'date-time', description: 'When it ended, whatever the outcome.' })),
  error: Type.Optional(Type.Unsafe<AttemptError>({ ...AttemptError, description: 'The last of `errors`, unless the job has completed.' })),
  cancellation: Type.Optional(Type.Unsafe<Cancellation>({ ...Cancellation, description: 'Why it was cancelled. Only when `cancelled`.' })),
  errors: Type.Optional(Type.Array(AttemptError, { maxItems: 10, description: 'The failures of the last attempts, at most 10, oldest first.' })),
  worker: Type.Optional(Type.String({ description: 'The id of the worker that runs it, or that ran it last.' })),
  result: Type.Optional(Type.Unknown({ description: 'What the handler returned, any JSON, byte for byte.' })),
  result_left_out_bytes: Type.Optional(Type.Integer({
    minimum: 262145,
    maximum: 1048576,
    description: 'How large the result is, where that is more than 256 KiB and it is left out: read it with `GET /jobs/{id}`.'
  }))
}, {
  description: 'The job as it was when this was written, which a webhook\'s deliveries are soon after the event, and callbacks in the same step; fields as in `Job`, but not `input`. Of a job that was gone by then only `id`, `queue` and perhaps `status`.'
})
export type JobMessageData = Static<typeof JobMessageData>

export const JobMessage = Type.Object({
  type: Type.String({
    pattern: '^job\\.[a-z]{1,20}$',
    description: '`job.` and the kind of event, such as `job.completed`.'
  }),
  timestamp: Type.String({ format: 'date-time', description: 'When it happened.' }),
  data: JobMessageData
}, { additionalProperties: false, description: 'What is posted when something has happened to a job.' })
export type JobMessage = Static<typeof JobMessage>

export const TestMessageData = Type.Object({ webhook_id: WebhookId }, { additionalProperties: false, description: 'Which webhook is tried.' })
export type TestMessageData = Static<typeof TestMessageData>

export const TestMessage = Type.Object({
  type: Type.Unsafe<'webhook.test'>({ type: 'string', enum: ['webhook.test'], description: 'The same for all.' }),
  timestamp: Type.String({ format: 'date-time', description: 'When it was asked for.' }),
  data: TestMessageData
}, { additionalProperties: false, description: 'What is posted when a webhook is tried.' })
export type TestMessage = Static<typeof TestMessage>

export const WorkerName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  description: 'Letters, digits, `.`, `_` and `-`, at most 64 characters, the first a letter or a digit.'
})
export type WorkerName = Static<typeof WorkerName>

export const WorkerState = Type.Unsafe<'run' | 'quiet' | 'stop'>({
  type: 'string',
  enum: ['run', 'quiet', 'stop'],
  description: 'What the operators want of a worker.\n- `run`: that it works.\n- `quiet`: that it takes no more jobs and finishes those that it has.\n- `stop`: that it takes no more jobs, finishes those that it has, and ends.\n'
})
export type WorkerState = Static<typeof WorkerState>

export const WorkerOrder = Type.Object({ id: WorkerName, state: WorkerState }, { description: 'What a worker has been told.' })
export type WorkerOrder = Static<typeof WorkerOrder>

export const Worker = Type.Object({
  id: Type.Unsafe<WorkerName>({ ...WorkerName, description: 'Its name, new with every start.' }),
  remote: Type.Boolean({ description: '`true` of a worker that speaks HTTP (`POST /leases`), `false` of our own.' }),
  state: WorkerState,
  language: Type.Optional(Type.String({ description: 'What it is written in.' })),
  version: Type.Optional(Type.String({ description: 'Its version, or that of its client.' })),
  host: Type.Optional(Type.String({ description: 'The name of the host, or container, that it runs on.' })),
  pid: Type.Optional(Type.Integer({ description: 'Its process id there.' })),
  queues: Type.Array(QueueName, {
    description: 'The queues that it takes jobs from; of a remote one, those that it last asked for.'
  }),
  concurrency: Type.Optional(Type.Integer({ minimum: 1, description: 'How many jobs it runs at once at most.' })),
  running: Type.Integer({ minimum: 0, description: 'How many it holds now.' }),
  jobs: Type.Array(JobId, { maxItems: 100, description: 'The ids of some of them, at most 100.' }),
  started_at: Type.String({
    format: 'date-time',
    description: 'When it started; of a remote one, when it was first heard of.'
  }),
  last_seen_at: Type.String({ format: 'date-time', description: 'When it last announced itself.' })
}, {
  description: 'A live worker. Of a remote one, `language`, `version`, `host`, `pid` and `concurrency` are what it says of itself, if it does.'
})
export type Worker = Static<typeof Worker>

export const WorkerPage = Type.Object({
  items: Type.Array(Worker, { maxItems: 100, description: 'The workers.' }),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'For the next page; `null` on the last.' })
}, { description: 'A page of workers.' })
export type WorkerPage = Static<typeof WorkerPage>

export const LeaseToken = Type.String({
  minLength: 1,
  maxLength: 1024,
  description: 'Names one lease of one job. Opaque; it is good for that job and that attempt alone, and cannot be guessed.'
})
export type LeaseToken = Static<typeof LeaseToken>

export const RemoteWorker = Type.Object({
  id: Type.Unsafe<WorkerName>({
    ...WorkerName,
    description: 'Its name. One that begins with `w_` is refused: these are our own workers.'
  }),
  language: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'What it is written in. 1 to 64 characters.' })),
  version: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'Its version, or that of its client. 1 to 64 characters.'
  })),
  host: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'The name of its host. 1 to 255 characters.' })),
  pid: Type.Optional(Type.Integer({ minimum: 0, maximum: 4294967295, description: 'Its process id there.' })),
  concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 100000, description: 'How many jobs it runs at once at most; 1 to 100,000.' }))
}, {
  additionalProperties: false,
  description: 'Who asks. Give each process an `id` of its own, new with every start, such as its host, its process id and something random. All but the id is for people, who see it with `GET /workers`.'
})
export type RemoteWorker = Static<typeof RemoteWorker>

export const LeaseQueues = Type.Array(QueueName, {
  minItems: 1,
  maxItems: 16,
  uniqueItems: true,
  description: 'From which queues, 1 to 16, in this order. A job of a later one is only taken when the earlier ones have none.'
})
export type LeaseQueues = Static<typeof LeaseQueues>

export const LeaseRequest = Type.Object({
  worker: RemoteWorker,
  queues: LeaseQueues,
  max: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 1,
    description: 'How many jobs at most, 1 to 1,000: as many as there are hands free for.'
  })),
  wait_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 60,
    default: 0,
    description: 'How long to wait for the first job, in seconds; 0 to 60. Your HTTP client must be willing to wait longer.'
  })),
  lease_seconds: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 3600,
    default: 30,
    description: 'How long the leases are good for, and each heartbeat makes them so again, in seconds; 1 to 3,600 (an hour).'
  }))
}, { additionalProperties: false, description: 'Who wants jobs, and which.' })
export type LeaseRequest = Static<typeof LeaseRequest>

export const NextLease = Type.Object({
  queues: LeaseQueues,
  max: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 1, description: 'How many jobs at most, 1 to 1,000.' })),
  wait_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 60,
    default: 0,
    description: 'How long to wait for the first job, in seconds; 0 to 60.'
  })),
  lease_seconds: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 3600,
    default: 30,
    description: 'How long the leases are good for, in seconds; 1 to 3,600 (an hour).'
  }))
}, { additionalProperties: false, description: 'Which jobs are wanted next.' })
export type NextLease = Static<typeof NextLease>

export const LeasedJob = Type.Object({
  id: Type.Unsafe<JobId>({ ...JobId, description: 'The same in every attempt: use it as an idempotency key.' }),
  task: Type.String({ description: 'What is to be done, as submitted.' }),
  type: JobType,
  queue: QueueName,
  priority: Priority,
  group: Type.Optional(Group),
  input: Type.Unknown({ description: 'What was submitted, byte for byte; `null` if nothing was.' }),
  attempt: Type.Integer({ minimum: 1, description: 'Which attempt this is, 1 for the first.' }),
  max_attempts: Type.Integer({ minimum: 1, maximum: 100, description: 'How often it is tried, the first attempt included.' }),
  lost: Type.Integer({ minimum: 0, description: 'Leases of it that ran out before.' }),
  timeout_seconds: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 604800,
    description: 'How long the attempt may take, in seconds. It is for the worker to keep to that: fail the job with the reason `timed_out` then. Absent: no limit.'
  })),
  keep_logs: Type.Optional(Type.Boolean({ description: '`true` when what is logged is kept (`POST /jobs/{id}/logs`); else absent.' })),
  tags: Tags,
  metadata: Metadata,
  depends_on: Type.Optional(Type.Array(JobId, {
    minItems: 1,
    maxItems: 100,
    description: 'The jobs that had to end first; `GET /jobs/{id}` has their results.'
  })),
  schedule: Type.Optional(Type.Unsafe<JobSchedule>({ ...JobSchedule, description: 'Only of a job that a schedule has made.' })),
  http: Type.Optional(Type.Unsafe<HttpTarget>({
    ...HttpTarget,
    description: 'Only of a job of the type `http`: where it is to be posted (see the webhook `runJob`), as it says itself or else its queue. Absent when neither does. Our own workers post such jobs by themselves; a remote worker that is given one has to do it.'
  })),
  traceparent: Type.Optional(Type.String({
    maxLength: 55,
    description: 'The trace that it continues, as in the header of W3C Trace Context that it was submitted with: begin the span of this attempt with it, and send it along. Absent when there is none.'
  })),
  tracestate: Type.Optional(Type.String({ maxLength: 512, description: 'The same for the header `tracestate`.' })),
  created_at: Type.String({ format: 'date-time', description: 'When it was kept.' }),
  lease_token: LeaseToken,
  lease_expires_at: Type.String({
    format: 'date-time',
    description: 'When the lease ends if it is not renewed, by the clock of Redis.'
  })
}, { description: 'A job to be done now.' })
export type LeasedJob = Static<typeof LeasedJob>

export const LeasedJobs = Type.Object({
  jobs: Type.Array(LeasedJob, { maxItems: 1000, description: 'The jobs, at most `max`; none when there was none in time.' }),
  worker_state: WorkerState
}, { description: 'The jobs that were leased.' })
export type LeasedJobs = Static<typeof LeasedJobs>

export const JobProgress = Type.Object({
  percent: Type.Number({ minimum: 0, maximum: 100, description: '0 to 100.' }),
  message: Type.Optional(Type.String({ maxLength: 1000, description: 'For people, at most 1,000 characters.' }))
}, { additionalProperties: false, description: 'How far a job is.' })
export type JobProgress = Static<typeof JobProgress>

export const HeartbeatLease = Type.Object({ job_id: JobId, lease_token: LeaseToken, progress: Type.Optional(JobProgress) }, { additionalProperties: false, description: 'A job that the worker works on.' })
export type HeartbeatLease = Static<typeof HeartbeatLease>

export const HeartbeatRequest = Type.Object({
  worker: RemoteWorker,
  leases: Type.Array(HeartbeatLease, { maxItems: 1000, description: 'The leases to renew, at most 1,000 a call.' })
}, { additionalProperties: false, description: 'Who lives, and works on what.' })
export type HeartbeatRequest = Static<typeof HeartbeatRequest>

export const LeaseState = Type.Object({
  job_id: JobId,
  state: Type.Unsafe<'held' | 'lost' | 'cancel'>({
    type: 'string',
    enum: ['held', 'lost', 'cancel'],
    description: '`held`: renewed. `lost`: it is no longer the worker\'s. `cancel`: the job has been cancelled. Stop working on it, unless it is held.'
  }),
  lease_expires_at: Type.Optional(Type.String({ format: 'date-time', description: 'When it ends if it is not renewed. Only when `held`.' }))
}, { description: 'How a lease is.' })
export type LeaseState = Static<typeof LeaseState>

export const HeartbeatAnswer = Type.Object({
  leases: Type.Array(LeaseState, { maxItems: 1000, description: 'In the order of the request.' }),
  worker_state: WorkerState
}, { description: 'How the leases are.' })
export type HeartbeatAnswer = Static<typeof HeartbeatAnswer>

export const WorkerError = Type.Object({
  type: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 128,
    description: 'The kind of error, such as the name of its class. 1 to 128 characters.'
  })),
  message: Type.String({
    maxLength: 65536,
    description: 'What happened, for people. At most 65,536 characters, of which the first 2,000 are kept.'
  }),
  stack: Type.Optional(Type.String({
    maxLength: 65536,
    description: 'Where. At most 65,536 characters, of which the first 4,000 are kept.'
  })),
  reason: Type.Optional(Type.Unsafe<'failed' | 'timed_out' | 'invalid_input' | 'no_handler'>({
    type: 'string',
    enum: ['failed', 'timed_out', 'invalid_input', 'no_handler'],
    default: 'failed',
    description: '`failed`: it went wrong. `timed_out`: it took longer than `timeout_seconds`. `invalid_input`: the input is not what the task needs. `no_handler`: the worker does not know the task.'
  }))
}, { additionalProperties: false, description: 'Why an attempt failed.' })
export type WorkerError = Static<typeof WorkerError>

export const Settlement = Type.Object({
  job_id: JobId,
  lease_token: LeaseToken,
  outcome: Type.Unsafe<'completed' | 'failed' | 'released'>({
    type: 'string',
    enum: ['completed', 'failed', 'released'],
    description: '`completed`, `failed`, or `released`: not done, and handed back.'
  }),
  result: Type.Optional(Type.Unknown({
    description: 'Any JSON, at most 1 MiB; it comes back byte for byte. Only with `completed`. Absent: no result.'
  })),
  error: Type.Optional(Type.Unsafe<WorkerError>({ ...WorkerError, description: 'Why it failed. With `failed`, and only then.' })),
  retry: Type.Optional(Type.Boolean({ default: true, description: '`false`: another attempt would fail, too. Only with `failed`.' })),
  retry_after_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 31536000,
    description: 'How long to wait before the next attempt instead of the backoff, in seconds; 0 to 31,536,000 (a year). Only with `failed`.'
  }))
}, { additionalProperties: false, description: 'What became of a job.' })
export type Settlement = Static<typeof Settlement>

export const SettleRequest = Type.Object({
  worker: RemoteWorker,
  settlements: Type.Array(Settlement, { maxItems: 1000, description: 'At most 1,000, each job once.' }),
  lease: Type.Optional(NextLease)
}, { additionalProperties: false, description: 'What became of jobs, and which are wanted next.' })
export type SettleRequest = Static<typeof SettleRequest>

export const SettledLease = Type.Object({
  job_id: JobId,
  state: Type.Unsafe<'ok' | 'stale' | 'unknown'>({
    type: 'string',
    enum: ['ok', 'stale', 'unknown'],
    description: '`ok`: it counts. `stale`: the lease was no longer the worker\'s, and nothing has changed. `unknown`: there is no such job.'
  })
}, { description: 'Whether a settlement counts.' })
export type SettledLease = Static<typeof SettledLease>

export const SettleAnswer = Type.Object({
  settled: Type.Array(SettledLease, { maxItems: 1000, description: 'In the order of the request.' }),
  jobs: Type.Array(LeasedJob, { maxItems: 1000, description: 'The next jobs; none without `lease`.' }),
  worker_state: WorkerState
}, { description: 'What counted, and the next jobs.' })
export type SettleAnswer = Static<typeof SettleAnswer>

export const JobCompletion = Type.Object({
  lease_token: LeaseToken,
  result: Type.Optional(Type.Unknown({ description: 'Any JSON; it comes back byte for byte. Absent: no result.' }))
}, { additionalProperties: false, description: 'A job is done.' })
export type JobCompletion = Static<typeof JobCompletion>

export const JobFailure = Type.Object({
  lease_token: LeaseToken,
  error: WorkerError,
  retry: Type.Optional(Type.Boolean({ default: true, description: '`false`: another attempt would fail, too.' })),
  retry_after_seconds: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 31536000,
    description: 'How long to wait before the next attempt instead of the backoff, in seconds; 0 to 31,536,000 (a year).'
  }))
}, { additionalProperties: false, description: 'An attempt has failed.' })
export type JobFailure = Static<typeof JobFailure>

export const JobRelease = Type.Object({ lease_token: LeaseToken }, { additionalProperties: false, description: 'A job is handed back.' })
export type JobRelease = Static<typeof JobRelease>

export const JobHeartbeat = Type.Object({ lease_token: LeaseToken, progress: Type.Optional(JobProgress) }, { additionalProperties: false, description: 'A job is being worked on.' })
export type JobHeartbeat = Static<typeof JobHeartbeat>

export const LeaseBeat = Type.Object({
  job_id: JobId,
  state: Type.Unsafe<'held'>({ type: 'string', enum: ['held'], description: 'Always `held`.' }),
  lease_expires_at: Type.String({ format: 'date-time', description: 'When it ends if it is not renewed again.' }),
  worker_state: WorkerState
}, { description: 'The lease was renewed.' })
export type LeaseBeat = Static<typeof LeaseBeat>

export const NewLogLine = Type.Object({
  message: Type.String({
    maxLength: 65536,
    description: 'What it says. At most 65,536 characters; the line is cut to 8 KiB.'
  }),
  level: Type.Optional(Type.Unsafe<LogLevel>({ ...LogLevel, default: 'info' })),
  fields: Type.Optional(Type.Unsafe<Record<string, LogField>>({
    type: 'object',
    maxProperties: 64,
    additionalProperties: LogField,
    description: 'What else it says, at most 64 fields.'
  })),
  age_ms: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 3600000,
    default: 0,
    description: 'How long ago it was logged, in milliseconds; 0 to 3,600,000 (an hour).'
  }))
}, { additionalProperties: false, description: 'A line to keep.' })
export type NewLogLine = Static<typeof NewLogLine>

export const JobLogLines = Type.Object({
  lease_token: LeaseToken,
  lines: Type.Array(NewLogLine, { minItems: 1, maxItems: 250, description: 'In their order, 1 to 250.' })
}, { additionalProperties: false, description: 'Lines that a worker has logged.' })
export type JobLogLines = Static<typeof JobLogLines>

export const JobLogKept = Type.Object({
  kept: Type.Boolean({
    description: 'Whether they are kept: `false` when the job has no `keep_logs`, or Redis has no room.'
  })
}, { description: 'What became of the lines.' })
export type JobLogKept = Static<typeof JobLogKept>

export const HealthStatus = Type.Unsafe<'ok' | 'degraded' | 'unavailable'>({
  type: 'string',
  enum: ['ok', 'degraded', 'unavailable'],
  description: '`unavailable` if any check failed, else `degraded` if any warns, else `ok`.'
})
export type HealthStatus = Static<typeof HealthStatus>

export const CheckStatus = Type.Unsafe<'ok' | 'warn' | 'fail'>({
  type: 'string',
  enum: ['ok', 'warn', 'fail'],
  description: '`warn`: it works, but something should be put right. `fail`: it does not work.'
})
export type CheckStatus = Static<typeof CheckStatus>

export const HealthCheck = Type.Object({
  status: CheckStatus,
  message: Type.Optional(Type.String({ description: 'What is wrong and what would be right.' }))
}, { description: 'What became of one check.' })
export type HealthCheck = Static<typeof HealthCheck>

export const HealthChecks = Type.Object({
  redis: Type.Optional(Type.Unsafe<HealthCheck>({ ...HealthCheck, description: 'Redis answers in time.' })),
  scripts: Type.Optional(Type.Unsafe<HealthCheck>({ ...HealthCheck, description: 'Redis knows the scripts.' })),
  eviction: Type.Optional(Type.Unsafe<HealthCheck>({ ...HealthCheck, description: 'Redis never drops a job to make room.' })),
  persistence: Type.Optional(Type.Unsafe<HealthCheck>({ ...HealthCheck, description: 'Redis keeps jobs over a restart.' })),
  worker: Type.Optional(Type.Unsafe<HealthCheck>({ ...HealthCheck, description: 'The worker has lately been at work. Only on the port of a worker.' }))
}, { description: 'The checks that were made, by what they look at.' })
export type HealthChecks = Static<typeof HealthChecks>

export const Health = Type.Object({ status: HealthStatus, checks: HealthChecks }, { description: 'Whether it works, and which part does not.' })
export type Health = Static<typeof Health>

export const Liveness = Type.Object({ status: Type.Unsafe<'ok'>({ type: 'string', enum: ['ok'], description: 'Always `ok`.' }) }, { description: 'The process answers.' })
export type Liveness = Static<typeof Liveness>

export const ProblemError = Type.Object({
  path: Type.String({
    maxLength: 256,
    description: 'Where it is, as a JSON Pointer into the body, such as `/backoff/type`; empty for the body itself. What is not in the body is under `/query`, `/path` or `/header`, such as `/query/limit`.'
  }),
  message: Type.String({ description: 'What would be right.' })
}, { description: 'One value that is not valid.' })
export type ProblemError = Static<typeof ProblemError>

export const Problem = Type.Object({
  type: Type.String({
    format: 'uri',
    description: 'Which error it is, for programs: `urn:bellhop:problem:` and one of these. More may come.\n- `malformed` (400): it is not HTTP, not JSON, or a path that cannot be read.\n- `validation` (400): a value is not what this contract says; `errors` names it.\n- `unauthorized` (401): there is no API key, or it is not valid.\n- `forbidden` (403): the key has not the scope, or is bound to other queues; or a page of another site asks.\n- `not-found` (404): no such path, or what the path names does not exist.\n- `method-not-allowed` (405): the path has other methods; `Allow` names them.\n- `timeout` (408): the request took too long to arrive.\n- `conflict` (409): it does not fit the state that things are in.\n- `unique-key-taken` (409): another job has the unique key, `job_id`.\n- `precondition-failed` (412): it is no longer as `If-Match` has it.\n- `payload-too-large` (413): the body is larger than 1 MiB, or 8 MiB for `POST /jobs/bulk`, `POST /leases/settle` and `POST /leases/heartbeat`.\n- `unsupported-media-type` (415): the body is not `application/json`.\n- `idempotency-key-reused` (422): the `Idempotency-Key` belongs to another request.\n- `queue-full` (429): more jobs would wait in the queue than it may have; try again after `Retry-After` seconds.\n- `too-many-requests` (429): the client has made more than it may; try again after `Retry-After` seconds.\n- `headers-too-large` (431): more than 16 KiB or 100 headers.\n- `internal` (500): a fault of the server.\n- `unavailable` (503): not now; try again after `Retry-After` seconds.\n'
  }),
  title: Type.String({ description: 'The same for people. It goes with the type.' }),
  status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
  detail: Type.String({ description: 'What is wrong with this request.' }),
  errors: Type.Optional(Type.Array(ProblemError, { maxItems: 20, description: 'Each value that is not valid, at most 20. Only with `validation`.' })),
  job_id: Type.Optional(Type.Unsafe<JobId>({
    ...JobId,
    description: 'The job that has the unique key. Only with `unique-key-taken`, and not when it is no longer kept, or is one of the same request.'
  }))
}, { description: 'An error, as problem details (RFC 9457).' })
export type Problem = Static<typeof Problem>
