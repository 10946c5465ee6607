import { randomUUID } from 'node:crypto'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Schemas } from '../api.ts'
import { readInput } from '../input.ts'
import type { InputOptions } from '../input.ts'
import { choices, collect, headerText, number, pairs, queueOption, whole } from '../options.ts'
import type { Session } from '../session.ts'
import { WAIT, WAIT_SECONDS, showEnded, waitForEnd, waitOf } from '../wait.ts'
import type { WaitOptions } from '../wait.ts'

interface Options extends InputOptions, WaitOptions {
  type?: Schemas['JobType']
  queue?: string
  priority?: Schemas['Priority']
  group?: string
  maxAttempts?: number
  backoff?: Schemas['BackoffType']
  backoffDelay?: number
  timeLimit?: number
  delay?: number
  runAt?: string
  ttl?: number
  expiresAt?: string
  unique?: string
  uniqueUntil?: string
  onConflict?: NonNullable<Schemas['Unique']['on_conflict']>
  dependsOn?: string[]
  onParentFailure?: Schemas['OnParentFailure']
  callbackUrl?: string
  keepLogs?: true
  tag?: string[]
  metadata?: Record<string, string>
  idempotencyKey?: string
}

const TYPES = choices<Schemas['JobType']>({ task: true, http: true, ai: true })
const PRIORITIES = choices<Schemas['Priority']>({ high: true, normal: true, low: true })
const BACKOFFS = choices<Schemas['BackoffType']>({ exponential: true, fixed: true })
const CONFLICTS = choices<NonNullable<Schemas['Unique']['on_conflict']>>({ return: true, reject: true, replace: true })
const ON_PARENT_FAILURE = choices<Schemas['OnParentFailure']>({ cancel: true, run: true })

export function addSubmit (program: Command, session: () => Session): void {
  program.command('submit').summary('submits a job')
    .description('Submits a job, and shows it. What is not said is as the settings of the queue have it.')
    .argument('<task>', 'what is to be done')
    .argument('[input]', 'its input, as JSON; - reads it from stdin')
    .option('-f, --file <path>', 'read the input from this file; - is stdin')
    .option('--text', 'the input is a text, not JSON')
    .addOption(queueOption('the queue to submit it to'))
    .addOption(new Option('--type <type>', 'what does it: a handler, a POST, or a language model').choices(TYPES))
    .addOption(new Option('-p, --priority <priority>', 'which jobs go first').choices(PRIORITIES))
    .option('--group <group>', 'whose job it is: groups take turns')
    .option('--max-attempts <count>', 'how often to try', whole)
    .addOption(new Option('--backoff <type>', 'how the delays between attempts grow').choices(BACKOFFS))
    .option('--backoff-delay <seconds>', 'the first of these delays', number)
    .option('--time-limit <seconds>', 'how long one attempt may take', whole)
    .option('--delay <seconds>', 'how long to wait before the first attempt', number)
    .option('--run-at <time>', 'when to make it, such as 2030-01-31T08:00:00Z')
    .option('--ttl <seconds>', 'cancel it if it has not started by then', number)
    .option('--expires-at <time>', 'the same, as a time')
    .option('--unique <key>', 'only one job of the queue has this key at a time')
    .option('--unique-until <when>', 'how long it has the key: completed, started, or seconds')
    .addOption(new Option('--on-conflict <what>', 'when another job has the key').choices(CONFLICTS))
    .option('--depends-on <id>', 'a job that must have ended first (repeatable)', collect)
    .addOption(new Option('--on-parent-failure <what>', 'when one of these fails').choices(ON_PARENT_FAILURE))
    .option('--callback-url <url>', 'where its outcome is posted')
    .option('--keep-logs', 'keep what its handler logs')
    .option('-t, --tag <tag>', 'a tag (repeatable)', collect)
    .option('-m, --metadata <key=value>', 'a string that travels along (repeatable)', pairs)
    .option('--idempotency-key <key>', 'submitting again with the same key answers the same job (default: a new one)', headerText)
    .option(...WAIT)
    .option(...WAIT_SECONDS)
    .action(async (task: string, argument: string | undefined, options: Options) => {
      const input = await readInput(argument, options)
      const { api, output } = session()
      const wait = waitOf(options)
      const header = { 'Idempotency-Key': options.idempotencyKey ?? randomUUID() }
      // The input goes as it was written, and not through JSON.parse.
      const bodySerializer = (body: unknown) => `${JSON.stringify(body).slice(0, -1)}${input === undefined ? '' : `,"input":${input}`}}`
      const answer = await api.ask(client => client.POST('/jobs', { params: { header }, body: newJob(task, options), bodySerializer }))
      if (wait !== undefined) showEnded(output, await waitForEnd(api, answer, wait))
      else if (output.json) output.line(answer.text)
      else output.fields(answer.value)
    })
}

function newJob (task: string, options: Options): Schemas['NewJob'] {
  const { unique, uniqueUntil, onConflict, backoff, backoffDelay } = options
  const until = uniqueUntil !== undefined && Number(uniqueUntil) ? Number(uniqueUntil) : uniqueUntil
  const job = {
    task,
    type: options.type,
    queue: options.queue,
    priority: options.priority,
    group: options.group,
    max_attempts: options.maxAttempts,
    backoff: (backoff ?? backoffDelay) === undefined ? undefined : { type: backoff, delay_seconds: backoffDelay },
    timeout_seconds: options.timeLimit,
    delay_seconds: options.delay,
    run_at: options.runAt,
    ttl_seconds: options.ttl,
    expires_at: options.expiresAt,
    unique: (unique ?? uniqueUntil ?? onConflict) === undefined ? undefined : { key: unique, until, on_conflict: onConflict },
    depends_on: options.dependsOn,
    on_parent_failure: options.onParentFailure,
    callback_url: options.callbackUrl,
    keep_logs: options.keepLogs,
    tags: options.tag,
    metadata: options.metadata
  }
  return job as Schemas['NewJob']
}
