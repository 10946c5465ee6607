import { memberText, scanJson } from '../json-text.ts'
import { DEFAULTS, validFields } from './fields.ts'
import type { JobEdit, JobRecord, JobSpec, Priority } from './job.ts'
import { DEFAULT_QUEUE } from './keys.ts'

// What is kept of a submitted job, in the hash `jobs`:
//
//     <created at, ms: 13 digits><priority: h, n or l>:<queue>[<tab><group>]\n<JSON of all fields but the input>\n<input, JSON text>
//
// Redis puts the time in front; fields with their default value are left out, and `edits` is how often it has been changed since. A list
// entry that somebody else pushed is
//
//     <adopted at, ms><priority>*<queue>\n<the entry as it was>

const PRIORITY_OF: Record<string, Priority> = { h: 'high', n: 'normal', l: 'low' }
const ADOPTED = '*'

/** What a foreign list entry that is not a job shows as its task. */
export const NOT_A_JOB = '(not a job)'

/** The record of a new job, without the time; or of one that has been edited. */
export function encodeRecord (spec: JobSpec, edits?: number): string {
  const { task, type, input, queue = DEFAULT_QUEUE, priority = DEFAULTS.priority, group, max_attempts, backoff, timeout_seconds, keep_logs, ttl_ms, expires_at, unique, depends_on, on_parent_failure, schedule, http, callback_url, tags, metadata, delay_ms, run_at, traceparent, tracestate } = spec
  const rest = {
    type: type === DEFAULTS.type ? undefined : type,
    max_attempts: max_attempts === DEFAULTS.max_attempts ? undefined : max_attempts,
    backoff,
    timeout_seconds,
    keep_logs: keep_logs === true ? true : undefined,
    ttl_ms,
    expires_at,
    unique,
    depends_on,
    on_parent_failure,
    schedule,
    http,
    callback_url,
    tags,
    metadata,
    delay_ms,
    run_at,
    traceparent,
    tracestate,
    edits
  }
  if (!isEmpty(rest)) return `${startOf(priority, queue, group)}${JSON.stringify({ task, ...rest })}\n${input ?? ''}`
  // JSON.stringify leaves out what is undefined, but takes its time to look.
  if (task !== lastTask || queue !== lastQueue || priority !== lastPriority) {
    lastPlace = `${priority[0]}:${queue}`
    lastTail = `\n{"task":${JSON.stringify(task)}}\n`
    lastStart = lastPlace + lastTail
    lastTask = task
    lastQueue = queue
    lastPriority = priority
  }
  if (group === undefined) return lastStart + (input ?? '')
  return `${lastPlace}\t${group}${lastTail}${input ?? ''}`
}

// Jobs that come together mostly are alike but for their group and input.
let lastTask: string | undefined
let lastQueue = ''
let lastPriority = ''
let lastPlace = ''
let lastTail = ''
let lastStart = ''

function startOf (priority: Priority, queue: string, group?: string): string {
  return `${priority[0]}:${queue}${group === undefined ? '' : `\t${group}`}\n`
}

/** The record with some of it changed, without the time; '' when nothing is. */
export function editRecord (record: string, { run_at, delay_ms, ...changes }: JobEdit): string {
  const { fields: { edits, ...fields }, input } = split(record)
  const spec: JobSpec = { ...fields, input, queue: queueOf(record), group: groupOf(record), priority: PRIORITY_OF[record[13]!], ...changes }
  return encodeRecord(spec, edits) === record.slice(13) ? '' : encodeRecord(spec, (edits ?? 0) + 1)
}

function isEmpty (fields: object): boolean {
  for (const name in fields) if (fields[name as keyof object] !== undefined) return false
  return true
}

/** The job of a record that has just been kept. */
export function newRecord (id: string, createdAt: number, spec: JobSpec): JobRecord {
  return build(id, createdAt, spec.priority ?? DEFAULTS.priority, spec.queue ?? DEFAULT_QUEUE, spec.group, spec, spec.input ?? 'null')
}

/** The job of a record as Redis holds it. */
export function decodeRecord (id: string, record: string): JobRecord {
  const createdAt = Number(record.slice(0, 13))
  const priority = PRIORITY_OF[record[13]!] ?? 'normal'
  const { fields, input, not_a_job } = split(record)
  return build(id, createdAt, priority, queueOf(record), groupOf(record), fields, input ?? 'null', not_a_job)
}

/** What is behind the first line of a record. */
function split (record: string): Described {
  const first = record.indexOf('\n')
  if (isForeign(record)) return adopted(record.slice(first + 1))
  const second = record.indexOf('\n', first + 1)
  return { fields: parseFields(record.slice(first + 1, second)), input: record.slice(second + 1) || undefined }
}

/** Whether the record is of a list entry that somebody else pushed: its JSON is not as ours. */
export function isForeign (record: string): boolean {
  return record[14] === ADOPTED
}

/** The queue in a record, without reading the rest. */
export function queueOf (record: string): string {
  const line = record.slice(15, record.indexOf('\n'))
  const tab = line.indexOf('\t')
  return tab < 0 ? line : line.slice(0, tab)
}

function groupOf (record: string): string | undefined {
  const line = record.slice(15, record.indexOf('\n'))
  const tab = line.indexOf('\t')
  return tab < 0 ? undefined : line.slice(tab + 1)
}

type Fields = Omit<JobSpec, 'input' | 'queue' | 'priority' | 'group'> & { edits?: number }

let lastText = ''
let lastFields: Fields = { task: '' }

// Jobs that come together mostly say the same. What could be changed by who gets it is read anew.
function parseFields (text: string): Fields {
  if (text === lastText) return lastFields
  const fields = JSON.parse(text) as Fields
  if (!fields.tags && !fields.metadata && !fields.backoff && !fields.depends_on && !fields.http) {
    lastText = text
    lastFields = fields
  }
  return fields
}

// One literal: the same with spreads takes ten times as long, and this runs for every job.
function build (id: string, created_at: number, priority: Priority, queue: string, group: string | undefined, fields: Fields, input: string, not_a_job?: string): JobRecord {
  return {
    id,
    created_at,
    task: fields.task,
    type: fields.type ?? DEFAULTS.type,
    input,
    queue,
    priority,
    group,
    max_attempts: fields.max_attempts ?? DEFAULTS.max_attempts,
    backoff: fields.backoff ? { ...DEFAULTS.backoff, ...fields.backoff } : DEFAULTS.backoff,
    timeout_seconds: fields.timeout_seconds,
    keep_logs: fields.keep_logs === true,
    expires_at: fields.ttl_ms === undefined ? fields.expires_at : created_at + fields.ttl_ms,
    unique: fields.unique && { ...DEFAULTS.unique, ...fields.unique },
    depends_on: fields.depends_on,
    on_parent_failure: fields.depends_on && (fields.on_parent_failure ?? DEFAULTS.on_parent_failure),
    schedule: fields.schedule,
    http: fields.http,
    callback_url: fields.callback_url,
    tags: fields.tags ?? [],
    metadata: fields.metadata ?? {},
    traceparent: fields.traceparent,
    tracestate: fields.tracestate,
    due_at: fields.delay_ms === undefined ? fields.run_at : created_at + fields.delay_ms,
    not_a_job
  }
}

interface Described { fields: Fields, input?: string, not_a_job?: string }

/** A foreign entry: a job when it is a JSON object with a task; of its other fields those count that are valid. */
function adopted (entry: string): Described {
  const refuse = (why: string): Described => ({ fields: { task: NOT_A_JOB }, input: JSON.stringify(entry), not_a_job: why })
  let body: unknown
  try {
    body = JSON.parse(entry)
  } catch {
    return refuse('The list entry is neither the id of a job nor JSON.')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse('The list entry is not a JSON object.')
  const { task } = body as { task?: unknown }
  if (typeof task !== 'string' || task === '') return refuse("The list entry has no 'task'.")
  return { fields: { ...validFields(body), task }, input: memberText(scanJson(entry, Infinity), 'input') }
}
