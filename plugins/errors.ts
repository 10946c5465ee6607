import { STATUS_CODES, METHODS } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import findMyWay, { type HTTPMethod } from 'find-my-way'
import { discard } from '../src/discard.ts'
import { Problem, codeForStatus, type ProblemCode } from '../src/problems.ts'
import { fieldErrors, invalidFields } from '../src/validation-errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `submit`: the route answers its errors as `{"error": "…"}`, the form that its users have. */
    errors?: 'submit'
  }
}

/** What the handler knows of an error that is not a Problem. */
interface AnyError extends Partial<FastifyError> {
  retryAfterSeconds?: number
}

/**
 * Every error becomes a problem details answer: thrown Problems, failed validation,
 * Fastify's own errors, unknown paths and methods. What nobody foresaw is a 500 that says
 * nothing but where to look; the error itself goes to the log.
 */
export default fp(async function errors (app: FastifyInstance) {
  app.setSchemaErrorFormatter((errors, part) => {
    return invalidFields(fieldErrors(errors, part))
  })

  app.setErrorHandler(async (error: AnyError, request, reply) => {
    const problem = toProblem(error, request)
    if (problem.code === 'payload-too-large') await discard(request.raw)
    if (problem.code === 'internal') {
      request.log.error({ err: error }, 'request failed')
    } else if (problem.code === 'unavailable') {
      // There may be thousands of them, all alike: no stacks.
      request.log.warn({ reason: error.message }, 'request refused')
    }
    if (request.routeOptions.config.errors === 'submit') {
      const isMissing = problem.code === 'validation' && isTaskMissing(error)
      return reply.code(problem.statusCode).headers(problem.headers).type('application/json')
        .send(JSON.stringify({ error: isMissing ? "Missing 'task' field" : problem.message }))
    }
    return sendProblem(reply, problem)
  })

  // A second router, asked only about requests that found no route: it can say which
  // methods the path has, Fastify's cannot.
  const router = findMyWay()
  // But the route with which the other sites' browsers ask whether they may, which every path has.
  app.addHook('onRoute', ({ method, url }) => { if (url !== '*') router.on([method].flat() as HTTPMethod[], url, () => {}) })
  app.setNotFoundHandler((request, reply) => {
    const allowed = (METHODS as HTTPMethod[]).filter(method => router.find(method, request.url) !== null)
    // A route of the method itself that gave up, as the files under /docs do.
    if (allowed.length === 0 || allowed.includes(request.method as HTTPMethod)) throw new Problem('not-found', 'No operation has this path: /docs shows those that exist')
    const allow = [...allowed, 'OPTIONS'].join(', ')
    if (request.method === 'OPTIONS') return reply.code(204).header('allow', allow).send()
    throw new Problem('method-not-allowed', `This path takes ${allow}, not ${request.method}`, { headers: { allow } })
  })
}, { name: 'errors', fastify: '5.x' })

function toProblem (error: AnyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  if (error?.name === 'QueueUnavailableError') {
    const headers = { 'retry-after': String(error.retryAfterSeconds ?? 1) }
    return new Problem('unavailable', 'The queue cannot take this request now: try again shortly', { headers })
  }
  if (error?.name === 'QueueFullError') {
    return new Problem('queue-full', error.message ?? '', { headers: { 'retry-after': String(error.retryAfterSeconds ?? 1) } })
  }
  if (error?.name === 'IdempotencyKeyReusedError') return new Problem('idempotency-key-reused', error.message ?? '')
  if (['TooManySettingsError', 'TooManySchedulesError', 'TooManyWebhooksError', 'TooManySecretsError', 'JobForgottenError', 'NotEditableError'].includes(error?.name ?? '')) return new Problem('conflict', error.message ?? '')
  if (error?.name === 'BadCursorError') {
    const message = error.message ?? ''
    return new Problem('validation', `cursor ${message}`, { errors: [{ path: request.method === 'POST' ? '/cursor' : '/query/cursor', message }] })
  }
  if (error?.name === 'TooManyQueuesError') {
    const message = error.message ?? ''
    return new Problem('validation', `queue ${message}`, { errors: [{ path: request.method === 'POST' ? '/filter/queue' : '/query/queue', message }] })
  }
  switch (error?.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('payload-too-large', `The body is larger than ${request.routeOptions.bodyLimit} bytes`)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', 'The body must be JSON, sent with Content-Type: application/json')
  }
  const status = error?.statusCode ?? 500
  if (status >= 400 && status < 500) return new Problem(codeForStatus(status), error.message ?? STATUS_CODES[status] ?? 'Client error')
  return new Problem('internal', `The server failed to answer; its log has the cause under the request id ${request.id}`)
}

/** No body, a body that is not an object, and an object without `task` are one error to those who submit. */
function isTaskMissing ({ validation, validationContext }: AnyError): boolean {
  return validationContext === 'body' && validation !== undefined && validation.some(({ keyword, instancePath, params }) =>
    instancePath === '' && (keyword === 'type' || params.missingProperty === 'task'))
}

/** As text: no route's response schema, and no fault in one, can change an error. */
function sendProblem (reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.statusCode).headers(problem.headers).type('application/problem+json')
    .send(JSON.stringify(problem.body()))
}

/** For the server option of this name: errors that the router finds before there is a route. */
export function frameworkErrors (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id)
  const detail = error.code === 'FST_ERR_BAD_URL'
    ? 'The path is not a valid URL path: check its percent-encoding'
    : 'A segment of the path is too long'
  sendProblem(reply, new Problem('malformed', detail))
}

const clientErrors: Record<string, [ProblemCode, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['timeout', 'The request did not arrive completely in time'],
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The request line and headers together are larger than 16384 bytes']
}

/** For the server option of this name: requests that never became one, answered on the bare socket. */
export function clientErrorHandler (this: FastifyInstance, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  // The error itself has the packet in it, and that may have a secret.
  this.log.debug({ code: error.code }, 'client error')
  const [code, detail] = clientErrors[error.code ?? ''] ?? ['malformed', 'This is not a valid HTTP/1.1 request']
  const problem = new Problem(code, detail)
  const body = JSON.stringify(problem.body())
  // Bytes in the middle of an answer that is under way would corrupt it.
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: { headersSent: boolean } | null }
  if (socket.writable && !answer?.headersSent) {
    socket.write(`HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}\r\n` +
      `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
  }
  socket.destroy(error)
}
