/**
 * Every error that the API answers, once: its code, status and title. Answers are problem
 * details (RFC 9457); the code is the last part of their `type`.
 */
const table = {
  malformed: { status: 400, title: 'The request cannot be read' },
  validation: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A valid API key is needed' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'Conflict' },
  'unique-key-taken': { status: 409, title: 'Another job has the unique key' },
  'precondition-failed': { status: 412, title: 'It has changed meanwhile' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key belongs to another request' },
  'queue-full': { status: 429, title: 'The queue is full' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Unavailable' }
} as const

export type ProblemCode = keyof typeof table

/** One offending value: `path` is a JSON Pointer, see validation-errors.ts. */
export interface FieldError {
  path: string
  message: string
}

/** The body of an `application/problem+json` answer. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  errors?: FieldError[]
  job_id?: string
}

export interface ProblemOptions {
  errors?: FieldError[]
  /** of the job that is in the way */
  job_id?: string
  /** Headers of the answer, such as `allow`. */
  headers?: Record<string, string>
  cause?: unknown
}

/**
 * Throw one to answer it: `throw new Problem('not-found', 'There is no job 0192…')`.
 * `detail` is shown to the client. An `unavailable` one has `Retry-After: 1` unless its
 * headers say otherwise.
 */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly statusCode: number
  readonly errors: FieldError[] | undefined
  readonly job_id: string | undefined
  readonly headers: Record<string, string>

  constructor (code: ProblemCode, detail: string, { errors, job_id, headers = {}, cause }: ProblemOptions = {}) {
    super(detail, { cause })
    this.name = 'Problem'
    this.code = code
    this.statusCode = table[code].status
    this.errors = errors
    this.job_id = job_id
    this.headers = code === 'unavailable' ? { 'retry-after': '1', ...headers } : headers
  }

  body (): ProblemBody {
    const { status, title } = table[this.code]
    return {
      type: `urn:bellhop:problem:${this.code}`,
      title,
      status,
      detail: this.message,
      ...(this.errors && { errors: this.errors }),
      ...(this.job_id !== undefined && { job_id: this.job_id })
    }
  }
}

/** The code for an error of which only the 4xx status is known; `malformed` for a status that is not in the table. */
export function codeForStatus (status: number): ProblemCode {
  const codes = Object.keys(table) as ProblemCode[]
  return codes.find(code => table[code].status === status) ?? 'malformed'
}

export function noWebhook (id: string): Problem {
  return new Problem('not-found', `There is no webhook ${id}: it was never registered, or it has been deleted`)
}

export function noJob (id: string): Problem {
  return new Problem('not-found', `There is no job ${id}: it was never submitted, or it ended so long ago that it is no longer kept`)
}
