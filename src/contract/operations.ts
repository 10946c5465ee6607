// Generated from openapi.yaml by npm run generate. Do not edit.

import { Type } from '@sinclair/typebox'
import * as schemas from './schemas.ts'

export const scopes = ['submit', 'read', 'work', 'admin'] as const

export const operations = {
  submitTask: {
    method: 'POST',
    url: '/submit',
    tag: 'submit',
    config: { access: { scope: 'submit', queues: 'own' }, errors: 'submit' },
    schema: {
      headers: Type.Object({
        prefer: Type.Optional(Type.String({ maxLength: 256 })),
        'idempotency-key': Type.Optional(Type.String({
          pattern: '^("([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-~][ -~]{0,254})$',
          description: 'A bare key, or one in double quotes.'
        })),
        traceparent: Type.Optional(Type.String({ description: 'Version, trace id, parent id and flags.' })),
        tracestate: Type.Optional(Type.String({ description: 'A list of keys and values.' }))
      }),
      body: schemas.NewJob,
      response: { 202: schemas.Submitted }
    }
  },
  listJobs: {
    method: 'GET',
    url: '/jobs',
    tag: 'jobs',
    config: { access: { scope: 'read', queues: 'own' } },
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
    config: { access: { scope: 'submit', queues: 'own' } },
    schema: {
      headers: Type.Object({
        prefer: Type.Optional(Type.String({ maxLength: 256 })),
        'idempotency-key': Type.Optional(Type.String({
          pattern: '^("([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-~][ -~]{0,254})$',
          description: 'A bare key, or one in double quotes.'
        })),
        traceparent: Type.Optional(Type.String({ description: 'Version, trace id, parent id and flags.' })),
        tracestate: Type.Optional(Type.String({ description: 'A list of keys and values.' }))
      }),
      body: schemas.NewJob,
      response: { 200: schemas.Job, 201: schemas.Job }
    }
  },
  createJobs: {
    method: 'POST',
    url: '/jobs/bulk',
    tag: 'jobs',
    config: { access: { scope: 'submit', queues: 'own' } },
    bodyLimit: 8388608,
    schema: {
      headers: Type.Object({
        'idempotency-key': Type.Optional(Type.String({
          pattern: '^("([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-~][ -~]{0,254})$',
          description: 'A bare key, or one in double quotes.'
        })),
        traceparent: Type.Optional(Type.String({ description: 'Version, trace id, parent id and flags.' })),
        tracestate: Type.Optional(Type.String({ description: 'A list of keys and values.' }))
      }),
      body: schemas.NewJobs,
      response: { 201: schemas.CreatedJobs }
    }
  },
  actOnJobs: {
    method: 'POST',
    url: '/jobs/actions',
    tag: 'jobs',
    config: { access: { scope: 'admin', queues: 'own' } },
    schema: { body: schemas.JobsAction, response: { 200: schemas.JobsActed } }
  },
  getJob: {
    method: 'GET',
    url: '/jobs/:id',
    tag: 'jobs',
    config: { access: { scope: 'read', queues: 'job' } },
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
    config: { access: { scope: 'submit', queues: 'job' } },
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
    config: { access: { scope: 'submit', queues: 'job' } },
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 204: Type.Null() } }
  },
  cancelJob: {
    method: 'POST',
    url: '/jobs/:id/cancel',
    tag: 'jobs',
    config: { access: { scope: 'submit', queues: 'job' } },
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 200: schemas.Job } }
  },
  retryJob: {
    method: 'POST',
    url: '/jobs/:id/retry',
    tag: 'jobs',
    config: { access: { scope: 'submit', queues: 'job' } },
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 200: schemas.Job } }
  },
  promoteJob: {
    method: 'POST',
    url: '/jobs/:id/promote',
    tag: 'jobs',
    config: { access: { scope: 'submit', queues: 'job' } },
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 200: schemas.Job } }
  },
  getJobLog: {
    method: 'GET',
    url: '/jobs/:id/logs',
    tag: 'jobs',
    config: { access: { scope: 'read', queues: 'job' } },
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
  addJobLog: {
    method: 'POST',
    url: '/jobs/:id/logs',
    tag: 'leases',
    config: { access: { scope: 'work', queues: 'job' } },
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      body: schemas.JobLogLines,
      response: { 200: schemas.JobLogKept }
    }
  },
  followJob: {
    method: 'GET',
    url: '/jobs/:id/events',
    tag: 'events',
    config: { access: { scope: 'read', queues: 'job' } },
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
  completeJob: {
    method: 'POST',
    url: '/jobs/:id/complete',
    tag: 'leases',
    config: { access: { scope: 'work', queues: 'job' } },
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      body: schemas.JobCompletion,
      response: { 200: schemas.SettledLease }
    }
  },
  failJob: {
    method: 'POST',
    url: '/jobs/:id/fail',
    tag: 'leases',
    config: { access: { scope: 'work', queues: 'job' } },
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      body: schemas.JobFailure,
      response: { 200: schemas.SettledLease }
    }
  },
  releaseJob: {
    method: 'POST',
    url: '/jobs/:id/release',
    tag: 'leases',
    config: { access: { scope: 'work', queues: 'job' } },
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      body: schemas.JobRelease,
      response: { 200: schemas.SettledLease }
    }
  },
  heartbeatJob: {
    method: 'POST',
    url: '/jobs/:id/heartbeat',
    tag: 'leases',
    config: { access: { scope: 'work', queues: 'job' } },
    schema: {
      params: Type.Object({ id: schemas.JobId }),
      body: schemas.JobHeartbeat,
      response: { 200: schemas.LeaseBeat }
    }
  },
  followEvents: {
    method: 'GET',
    url: '/events',
    tag: 'events',
    config: { access: { scope: 'read', queues: 'own' } },
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
  leaseJobs: {
    method: 'POST',
    url: '/leases',
    tag: 'leases',
    config: { access: { scope: 'work', queues: 'own' } },
    schema: { body: schemas.LeaseRequest, response: { 200: schemas.LeasedJobs } }
  },
  heartbeatLeases: {
    method: 'POST',
    url: '/leases/heartbeat',
    tag: 'leases',
    config: { access: { scope: 'work', queues: 'own' } },
    bodyLimit: 8388608,
    schema: { body: schemas.HeartbeatRequest, response: { 200: schemas.HeartbeatAnswer } }
  },
  settleLeases: {
    method: 'POST',
    url: '/leases/settle',
    tag: 'leases',
    config: { access: { scope: 'work', queues: 'own' } },
    bodyLimit: 8388608,
    schema: { body: schemas.SettleRequest, response: { 200: schemas.SettleAnswer } }
  },
  listQueues: {
    method: 'GET',
    url: '/queues',
    tag: 'queues',
    config: { access: { scope: 'read', queues: 'own' } },
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
    config: { access: { scope: 'read', queues: 'path' } },
    schema: { params: Type.Object({ queue: schemas.QueueName }), response: { 200: schemas.Queue } }
  },
  updateQueue: {
    method: 'PATCH',
    url: '/queues/:queue',
    tag: 'queues',
    config: { access: { scope: 'admin', queues: 'path' } },
    schema: {
      params: Type.Object({ queue: schemas.QueueName }),
      body: schemas.QueueSettingsPatch,
      response: { 200: schemas.Queue }
    }
  },
  getQueueScale: {
    method: 'GET',
    url: '/queues/:queue/scale',
    tag: 'queues',
    config: { access: { scope: 'read', queues: 'path' } },
    schema: {
      params: Type.Object({ queue: schemas.QueueName }),
      querystring: Type.Object({
        concurrency: Type.Integer({ minimum: 1, maximum: 1000, default: 10 }),
        drain_seconds: Type.Integer({ minimum: 1, maximum: 86400, default: 60 })
      }, { additionalProperties: false }),
      response: { 200: schemas.QueueScale }
    }
  },
  pauseQueue: {
    method: 'POST',
    url: '/queues/:queue/pause',
    tag: 'queues',
    config: { access: { scope: 'admin', queues: 'path' } },
    schema: { params: Type.Object({ queue: schemas.QueueName }), response: { 200: schemas.Queue } }
  },
  resumeQueue: {
    method: 'POST',
    url: '/queues/:queue/resume',
    tag: 'queues',
    config: { access: { scope: 'admin', queues: 'path' } },
    schema: { params: Type.Object({ queue: schemas.QueueName }), response: { 200: schemas.Queue } }
  },
  purgeQueue: {
    method: 'POST',
    url: '/queues/:queue/purge',
    tag: 'queues',
    config: { access: { scope: 'admin', queues: 'path' }, optionalBody: true },
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
    config: { access: { scope: 'read', queues: 'path' } },
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
    config: { access: { scope: 'admin', queues: 'path' }, optionalBody: true },
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
    config: { access: { scope: 'read' } },
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
    config: { access: { scope: 'read' } },
    schema: { params: Type.Object({ name: schemas.ScheduleName }), response: { 200: schemas.Schedule } }
  },
  putSchedule: {
    method: 'PUT',
    url: '/schedules/:name',
    tag: 'schedules',
    config: { access: { scope: 'admin' } },
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
    config: { access: { scope: 'admin' } },
    schema: { params: Type.Object({ name: schemas.ScheduleName }), response: { 204: Type.Null() } }
  },
  pauseSchedule: {
    method: 'POST',
    url: '/schedules/:name/pause',
    tag: 'schedules',
    config: { access: { scope: 'admin' } },
    schema: { params: Type.Object({ name: schemas.ScheduleName }), response: { 200: schemas.Schedule } }
  },
  resumeSchedule: {
    method: 'POST',
    url: '/schedules/:name/resume',
    tag: 'schedules',
    config: { access: { scope: 'admin' } },
    schema: { params: Type.Object({ name: schemas.ScheduleName }), response: { 200: schemas.Schedule } }
  },
  runSchedule: {
    method: 'POST',
    url: '/schedules/:name/run',
    tag: 'schedules',
    config: { access: { scope: 'admin' } },
    schema: {
      params: Type.Object({ name: schemas.ScheduleName }),
      response: { 200: schemas.Job, 201: schemas.Job }
    }
  },
  listWebhooks: {
    method: 'GET',
    url: '/webhooks',
    tag: 'webhooks',
    config: { access: { scope: 'admin' } },
    schema: {
      querystring: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
        cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 }))
      }, { additionalProperties: false }),
      response: { 200: schemas.WebhookPage }
    }
  },
  createWebhook: {
    method: 'POST',
    url: '/webhooks',
    tag: 'webhooks',
    config: { access: { scope: 'admin' } },
    schema: { body: schemas.NewWebhook, response: { 201: schemas.Webhook } }
  },
  getWebhook: {
    method: 'GET',
    url: '/webhooks/:id',
    tag: 'webhooks',
    config: { access: { scope: 'admin' } },
    schema: { params: Type.Object({ id: schemas.WebhookId }), response: { 200: schemas.Webhook } }
  },
  updateWebhook: {
    method: 'PATCH',
    url: '/webhooks/:id',
    tag: 'webhooks',
    config: { access: { scope: 'admin' } },
    schema: {
      params: Type.Object({ id: schemas.WebhookId }),
      body: schemas.WebhookPatch,
      response: { 200: schemas.Webhook }
    }
  },
  deleteWebhook: {
    method: 'DELETE',
    url: '/webhooks/:id',
    tag: 'webhooks',
    config: { access: { scope: 'admin' } },
    schema: { params: Type.Object({ id: schemas.WebhookId }), response: { 204: Type.Null() } }
  },
  rotateWebhook: {
    method: 'POST',
    url: '/webhooks/:id/rotate',
    tag: 'webhooks',
    config: { access: { scope: 'admin' }, optionalBody: true },
    schema: {
      params: Type.Object({ id: schemas.WebhookId }),
      body: schemas.WebhookRotation,
      response: { 200: schemas.Webhook }
    }
  },
  testWebhook: {
    method: 'POST',
    url: '/webhooks/:id/test',
    tag: 'webhooks',
    config: { access: { scope: 'admin' } },
    schema: { params: Type.Object({ id: schemas.WebhookId }), response: { 202: schemas.WebhookTest } }
  },
  listWorkers: {
    method: 'GET',
    url: '/workers',
    tag: 'workers',
    config: { access: { scope: 'read' } },
    schema: {
      querystring: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
        cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 }))
      }, { additionalProperties: false }),
      response: { 200: schemas.WorkerPage }
    }
  },
  quietWorker: {
    method: 'POST',
    url: '/workers/:id/quiet',
    tag: 'workers',
    config: { access: { scope: 'admin' } },
    schema: { params: Type.Object({ id: schemas.WorkerName }), response: { 200: schemas.WorkerOrder } }
  },
  stopWorker: {
    method: 'POST',
    url: '/workers/:id/stop',
    tag: 'workers',
    config: { access: { scope: 'admin' } },
    schema: { params: Type.Object({ id: schemas.WorkerName }), response: { 200: schemas.WorkerOrder } }
  },
  getHealth: {
    method: 'GET',
    url: '/health',
    tag: 'health',
    config: { access: 'open' },
    schema: { response: { 200: schemas.Health, 503: schemas.Health } }
  },
  getLiveness: {
    method: 'GET',
    url: '/health/live',
    tag: 'health',
    config: { access: 'open' },
    schema: { response: { 200: schemas.Liveness } }
  },
  getReadiness: {
    method: 'GET',
    url: '/health/ready',
    tag: 'health',
    config: { access: 'open' },
    schema: { response: { 200: schemas.Health, 503: schemas.Health } }
  },
  getMetrics: {
    method: 'GET',
    url: '/metrics',
    tag: 'metrics',
    config: { access: { scope: 'read', optional: true } },
    schema: { response: { 200: Type.String({ description: 'Prometheus text format, version 0.0.4.' }) } }
  }
} as const
