// Generated from openapi.yaml by npm run generate. Do not edit.

import { Type } from '@sinclair/typebox'
import * as schemas from './schemas.ts'

export const operations = {
  submitTask: {
    method: 'POST',
    url: '/submit',
    tag: 'submit',
    config: { errors: 'submit' },
    schema: {
      headers: Type.Object({
        prefer: Type.Optional(Type.String({ maxLength: 256 })),
        'idempotency-key': Type.Optional(Type.String({
          pattern: '^("([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-~][ -~]{0,254})$',
          description: 'A bare key, or one in double quotes.'
        }))
      }),
      body: schemas.NewJob,
      response: { 202: schemas.Submitted }
    }
  },
  listJobs: {
    method: 'GET',
    url: '/jobs',
    tag: 'jobs',
    schema: {
      querystring: Type.Object({
        queue: Type.Optional(schemas.QueueName),
        status: Type.Optional(schemas.FilterStatuses),
        task: Type.Optional(schemas.FilterTask),
        type: Type.Optional(schemas.JobType),
        tag: Type.Optional(schemas.FilterTag),
        worker: Type.Optional(schemas.FilterWorker),
        priority: Type.Optional(schemas.Priority),
        created_after: Type.Optional(schemas.FilterTime),
        created_before: Type.Optional(schemas.FilterTime),
        finished_after: Type.Optional(schemas.FilterTime),
        finished_before: Type.Optional(schemas.FilterTime),
        q: Type.Optional(schemas.FilterText),
        order: Type.Unsafe<'newest' | 'oldest'>({ type: 'string', enum: ['newest', 'oldest'], default: 'newest' }),
        limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
        cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 }))
      }, { additionalProperties: false }),
      response: { 200: schemas.FoundJobs }
    }
  },
  createJob: {
    method: 'POST',
    url: '/jobs',
    tag: 'jobs',
    schema: {
      headers: Type.Object({
        prefer: Type.Optional(Type.String({ maxLength: 256 })),
        'idempotency-key': Type.Optional(Type.String({
          pattern: '^("([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-~][ -~]{0,254})$',
          description: 'A bare key, or one in double quotes.'
        }))
      }),
      body: schemas.NewJob,
      response: { 200: schemas.Job, 201: schemas.Job }
    }
  },
  createJobs: {
    method: 'POST',
    url: '/jobs/bulk',
    tag: 'jobs',
    bodyLimit: 8388608,
    schema: {
      headers: Type.Object({
        'idempotency-key': Type.Optional(Type.String({
          pattern: '^("([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-~][ -~]{0,254})$',
          description: 'A bare key, or one in double quotes.'
        }))
      }),
      body: schemas.NewJobs,
      response: { 201: schemas.CreatedJobs }
    }
  },
  actOnJobs: {
    method: 'POST',
    url: '/jobs/actions',
    tag: 'jobs',
    schema: { body: schemas.JobsAction, response: { 200: schemas.JobsActed } }
  },
  getJob: {
    method: 'GET',
    url: '/jobs/:id',
    tag: 'jobs',
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      headers: Type.Object({
        prefer: Type.Optional(Type.String({ maxLength: 256 })),
        'if-none-match': Type.Optional(Type.String({ maxLength: 2048, pattern: '^(\\*|(W/)?"[!#-~]*"([ \\t]*,[ \\t]*(W/)?"[!#-~]*"){0,15})$' }))
      }),
      response: { 200: schemas.Job, 304: Type.Null() }
    }
  },
  editJob: {
    method: 'PATCH',
    url: '/jobs/:id',
    tag: 'jobs',
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      headers: Type.Object({
        'if-match': Type.Optional(Type.String({ maxLength: 2048, pattern: '^(\\*|(W/)?"[!#-~]*"([ \\t]*,[ \\t]*(W/)?"[!#-~]*"){0,15})$' }))
      }),
      body: schemas.JobPatch,
      response: { 200: schemas.Job }
    }
  },
  deleteJob: {
    method: 'DELETE',
    url: '/jobs/:id',
    tag: 'jobs',
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 204: Type.Null() } }
  },
  cancelJob: {
    method: 'POST',
    url: '/jobs/:id/cancel',
    tag: 'jobs',
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 200: schemas.Job } }
  },
  retryJob: {
    method: 'POST',
    url: '/jobs/:id/retry',
    tag: 'jobs',
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 200: schemas.Job } }
  },
  promoteJob: {
    method: 'POST',
    url: '/jobs/:id/promote',
    tag: 'jobs',
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 200: schemas.Job } }
  },
  getJobLog: {
    method: 'GET',
    url: '/jobs/:id/logs',
    tag: 'jobs',
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      querystring: Type.Object({
        level: Type.Optional(schemas.LogLevel),
        attempt: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
        order: Type.Unsafe<'oldest' | 'newest'>({ type: 'string', enum: ['oldest', 'newest'], default: 'oldest' }),
        limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
        cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' }))
      }, { additionalProperties: false }),
      response: { 200: schemas.JobLog }
    }
  },
  followJob: {
    method: 'GET',
    url: '/jobs/:id/events',
    tag: 'events',
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ pattern: '^\\d{1,15}-\\d{1,15}\\.\\d{1,9}$' })) }),
      response: {
        200: Type.String({
          description: 'Server-sent events. The data of each is JSON: a `Job` first, then of every kind a `JobEvent`, and the notices `StreamGap` and `StreamEnd`.'
        })
      }
    }
  },
  followEvents: {
    method: 'GET',
    url: '/events',
    tag: 'events',
    schema: {
      querystring: Type.Object({
        queue: Type.Optional(schemas.QueueName),
        kind: Type.Optional(Type.Array(schemas.EventKind, { minItems: 1, maxItems: 20, uniqueItems: true }))
      }, { additionalProperties: false }),
      headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ pattern: '^\\d{1,15}-\\d{1,15}\\.\\d{1,9}$' })) }),
      response: {
        200: Type.String({
          description: 'Server-sent events. The data of each is JSON: of every kind a `JobEvent`, and the notices `StreamGap` and `StreamEnd`.'
        })
      }
    }
  },
  listQueues: {
    method: 'GET',
    url: '/queues',
    tag: 'queues',
    schema: {
      querystring: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
        cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 }))
      }, { additionalProperties: false }),
      response: { 200: schemas.QueuePage }
    }
  },
  getQueue: {
    method: 'GET',
    url: '/queues/:queue',
    tag: 'queues',
    schema: { params: Type.Object({ queue: schemas.QueueName }), response: { 200: schemas.Queue } }
  },
  updateQueue: {
    method: 'PATCH',
    url: '/queues/:queue',
    tag: 'queues',
    schema: {
      params: Type.Object({ queue: schemas.QueueName }),
      body: schemas.QueueSettingsPatch,
      response: { 200: schemas.Queue }
    }
  },
  pauseQueue: {
    method: 'POST',
    url: '/queues/:queue/pause',
    tag: 'queues',
    schema: { params: Type.Object({ queue: schemas.QueueName }), response: { 200: schemas.Queue } }
  },
  resumeQueue: {
    method: 'POST',
    url: '/queues/:queue/resume',
    tag: 'queues',
    schema: { params: Type.Object({ queue: schemas.QueueName }), response: { 200: schemas.Queue } }
  },
  purgeQueue: {
    method: 'POST',
    url: '/queues/:queue/purge',
    tag: 'queues',
    config: { optionalBody: true },
    schema: {
      params: Type.Object({ queue: schemas.QueueName }),
      body: schemas.PurgeRequest,
      response: { 200: schemas.Purged }
    }
  },
  listDeadLetters: {
    method: 'GET',
    url: '/queues/:queue/dlq',
    tag: 'queues',
    schema: {
      params: Type.Object({ queue: schemas.QueueName }),
      querystring: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 1000, default: 50 }),
        cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 }))
      }, { additionalProperties: false }),
      response: { 200: schemas.JobPage }
    }
  },
  redriveDeadLetters: {
    method: 'POST',
    url: '/queues/:queue/dlq/redrive',
    tag: 'queues',
    config: { optionalBody: true },
    schema: {
      params: Type.Object({ queue: schemas.QueueName }),
      body: schemas.RedriveRequest,
      response: { 200: schemas.Redriven }
    }
  },
  listSchedules: {
    method: 'GET',
    url: '/schedules',
    tag: 'schedules',
    schema: {
      querystring: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
        cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 }))
      }, { additionalProperties: false }),
      response: { 200: schemas.SchedulePage }
    }
  },
  getSchedule: {
    method: 'GET',
    url: '/schedules/:name',
    tag: 'schedules',
    schema: { params: Type.Object({ name: schemas.ScheduleName }), response: { 200: schemas.Schedule } }
  },
  putSchedule: {
    method: 'PUT',
    url: '/schedules/:name',
    tag: 'schedules',
    bodyLimit: 65536,
    schema: {
      params: Type.Object({ name: schemas.ScheduleName }),
      body: schemas.NewSchedule,
      response: { 200: schemas.Schedule, 201: schemas.Schedule }
    }
  },
  deleteSchedule: {
    method: 'DELETE',
    url: '/schedules/:name',
    tag: 'schedules',
    schema: { params: Type.Object({ name: schemas.ScheduleName }), response: { 204: Type.Null() } }
  },
  pauseSchedule: {
    method: 'POST',
    url: '/schedules/:name/pause',
    tag: 'schedules',
    schema: { params: Type.Object({ name: schemas.ScheduleName }), response: { 200: schemas.Schedule } }
  },
  resumeSchedule: {
    method: 'POST',
    url: '/schedules/:name/resume',
    tag: 'schedules',
    schema: { params: Type.Object({ name: schemas.ScheduleName }), response: { 200: schemas.Schedule } }
  },
  runSchedule: {
    method: 'POST',
    url: '/schedules/:name/run',
    tag: 'schedules',
    schema: {
      params: Type.Object({ name: schemas.ScheduleName }),
      response: { 200: schemas.Job, 201: schemas.Job }
    }
  },
  listWorkers: {
    method: 'GET',
    url: '/workers',
    tag: 'workers',
    schema: {
      querystring: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
        cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 }))
      }, { additionalProperties: false }),
      response: { 200: schemas.WorkerPage }
    }
  },
  getHealth: {
    method: 'GET',
    url: '/health',
    tag: 'health',
    schema: { response: { 200: schemas.Health, 503: schemas.Health } }
  },
  getLiveness: {
    method: 'GET',
    url: '/health/live',
    tag: 'health',
    schema: { response: { 200: schemas.Liveness } }
  },
  getReadiness: {
    method: 'GET',
    url: '/health/ready',
    tag: 'health',
    schema: { response: { 200: schemas.Health, 503: schemas.Health } }
  },
  getMetrics: {
    method: 'GET',
    url: '/metrics',
    tag: 'metrics',
    schema: { response: { 200: Type.String({ description: 'Prometheus text format, version 0.0.4.' }) } }
  }
} as const
