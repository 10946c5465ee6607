import type { EventSourceMessage } from 'eventsource-parser'
import type { Command } from 'commander'
import type { Schemas } from '../api.ts'
import { follow } from '../follow.ts'
import { choices, headerText, queueOption, someOf } from '../options.ts'
import { printable } from '../output.ts'
import type { Output } from '../output.ts'
import type { Session } from '../session.ts'
import { hasEnded, showEnded } from '../wait.ts'

const KINDS = choices<Schemas['EventKind']>({ submitted: true, scheduled: true, blocked: true, queued: true, edited: true, started: true, progress: true, retrying: true, completed: true, failed: true, cancelled: true })
const STREAM = { parseAs: 'stream', headers: { accept: 'text/event-stream' } } as const

export function addStreams (program: Command, session: () => Session): void {
  program.command('watch').summary('follows a job until it ends')
    .description('Follows a job until it ends, and then shows it. Ends with 1 if it has not completed.')
    .argument('<id>', 'its id')
    .action(async (id: string) => {
      const { api, output } = session()
      let isFirst = true
      const events = follow(api, {
        open: lastEventId => api.open(client => client.GET('/jobs/{id}/events', { params: { path: { id }, header: since(lastEventId) }, ...STREAM })),
        onBreak: why => output.note(`${why}; trying again.`)
      })
      for await (const message of events) {
        if (message.event !== 'job') showEvent(output, message, false)
        // After a break the job comes again.
        else if (isFirst && !hasEnded(JSON.parse(message.data))) showJob(output, message)
        isFirst = false
      }
      const answer = await api.ask(client => client.GET('/jobs/{id}', { params: { path: { id } } }))
      showEnded(output, output.json ? { ...answer, text: framed({ event: 'job', id: undefined, data: answer.text }) } : answer)
    })

  program.command('tail').summary('follows what happens to all jobs')
    .description('Follows what happens to all jobs, from now on, until it is stopped with Ctrl-C.')
    .addOption(queueOption('only in this queue'))
    .addOption(someOf('-k, --kind <kinds>', 'only events of these kinds', KINDS))
    .option('--since <event id>', 'all that has happened since that event, as far as it is kept', headerText)
    .action(async ({ queue, kind, since: lastEventId }: { queue?: string, kind?: Schemas['EventKind'][], since?: string }) => {
      const { api, output } = session()
      const query = { ...(queue && { queue }), ...(kind && { kind }) }
      const events = follow(api, {
        open: lastEventId => api.open(client => client.GET('/events', { params: { query, header: since(lastEventId) }, ...STREAM })),
        ...(lastEventId !== undefined && { lastEventId }),
        onBreak: why => output.note(`${why}; trying again.`)
      })
      for await (const message of events) showEvent(output, message, true)
    })
}

const since = (id: string | undefined) => id === undefined ? {} : { 'Last-Event-ID': id }

/** An event on one line of JSON, its data as they were sent. */
function framed ({ event, id, data }: EventSourceMessage): string {
  return `{"event":${JSON.stringify(event)}${id ? `,"id":${JSON.stringify(id)}` : ''},"data":${data}}`
}

function showJob (output: Output, message: EventSourceMessage): void {
  if (output.json) return output.line(framed(message))
  const { status, created_at: at, task, queue } = JSON.parse(message.data) as Schemas['Job']
  output.line(`${clock(at)}  ${output.status(status, 9)}  ${printable(task)} in ${queue}`)
}

function showEvent (output: Output, message: EventSourceMessage, withJob: boolean): void {
  const data = JSON.parse(message.data) as Schemas['JobEvent'] | Schemas['StreamGap']
  if ('kind' in data) {
    if (output.json) return output.line(framed(message))
    const { kind, job_id: id, queue, worker, at, progress } = data
    const parts = [clock(at), output.status(kind, 9)]
    if (withJob) parts.push(id, queue)
    if (worker) parts.push(printable(worker))
    if (progress) parts.push(`${progress.percent} %${progress.message ? ` ${printable(progress.message)}` : ''}`)
    return output.line(parts.join('  '))
  }
  // A gap, or the end.
  if (output.json) output.line(framed(message))
  else if (message.event === 'gap') output.note(`Something is missing here: ${data.detail}`)
}

/** The time of the day, of UTC. */
const clock = (at: string): string => `${at.slice(11, 23)}Z`
