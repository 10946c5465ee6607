// Generated from openapi.yaml by npm run generate. Do not edit.

import { Type } from '@sinclair/typebox'
import * as schemas from './schemas.ts'

export const operations = {
  submitTask: {
    method: 'POST',
    url: '/submit',
    tag: 'submit',
    config: { errors: 'submit' },
    schema: { body: schemas.NewJob, response: { 202: schemas.Submitted } }
  },
  createJob: {
    method: 'POST',
    url: '/jobs',
    tag: 'jobs',
    schema: { body: schemas.NewJob, response: { 201: schemas.Job } }
  },
  createJobs: {
    method: 'POST',
    url: '/jobs/bulk',
    tag: 'jobs',
    bodyLimit: 8388608,
    schema: { body: schemas.NewJobs, response: { 201: schemas.CreatedJobs } }
  },
  getJob: {
    method: 'GET',
    url: '/jobs/:id',
    tag: 'jobs',
    schema: { params: Type.Object({ id: schemas.JobId }), response: { 200: schemas.Job } }
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
