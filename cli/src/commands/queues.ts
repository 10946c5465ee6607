import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import type { Api, Schemas } from '../api.ts'
import { CommandError, EXIT } from '../exit.ts'
import { choices, cursorOption, limitOption, someOf } from '../options.ts'
import { showPage } from '../output.ts'
import type { Session } from '../session.ts'

type Status = Schemas['PurgeableStatus']

const PURGEABLE = choices<Status>({ blocked: true, queued: true, scheduled: true, retrying: true, completed: true, failed: true, cancelled: true })
/** What the contract takes when nothing is said. */
const WAITING: Status[] = ['blocked', 'queued', 'scheduled', 'retrying']

export function addQueues (program: Command, session: () => Session): void {
  program.command('queues').summary('lists the queues, or shows one')
    .description('Lists the queues in numbers, or shows one with its settings.')
    .argument('[queue]', 'its name')
    .addOption(limitOption(100, 100))
    .addOption(cursorOption())
    .action(async (queue: string | undefined, query: { limit: number, cursor?: string }) => {
      const { api, output } = session()
      if (queue !== undefined) {
        const { value, text } = await api.ask(client => client.GET('/queues/{queue}', { params: { path: { queue } } }))
        return output.json ? output.line(text) : output.fields(value)
      }
      showPage(output, await api.ask(client => client.GET('/queues', { params: { query } })), queues => {
        output.table(['QUEUE', 'STATE', 'QUEUED', 'SCHEDULED', 'RETRYING', 'BLOCKED', 'ACTIVE', 'COMPLETED', 'FAILED', 'CANCELLED', 'OLDEST'], queues.map(({ name, paused, counts, oldest_waiting_seconds: oldest }) => [
          name, paused ? 'paused' : 'runs', ...([counts.queued, counts.scheduled, counts.retrying, counts.blocked, counts.active, counts.completed, counts.failed, counts.cancelled].map(String)),
          oldest === null ? '-' : `${oldest.toFixed(1)} s`
        ]))
      })
    })

  for (const [action, summary, description] of [
    ['pause', 'starts none of a queue\'s jobs until it is resumed', 'Starts none of a queue\'s jobs from now on, until it is resumed. Those that run go on, and jobs are still taken in.'],
    ['resume', 'lets a paused queue go on', 'Lets a paused queue go on.']
  ] as const) {
    program.command(action).summary(summary).description(description)
      .argument('<queue>', 'its name')
      .action(async (queue: string) => {
        const { api, output } = session()
        const { value, text } = await api.ask(client => client.POST(`/queues/{queue}/${action}`, { params: { path: { queue } } }))
        if (output.json) output.line(text)
        else output.line(`${value.name} is ${value.paused ? 'paused' : 'running'}: ${value.counts.queued} queued, ${value.counts.active} active`)
      })
  }

  program.command('purge').summary('deletes the jobs of a queue for good')
    .description('Deletes the jobs of a queue that are in these statuses for good; those that run are never touched. Asks before, unless --yes is given.')
    .argument('<queue>', 'its name')
    .addOption(someOf('-s, --status <statuses>', `jobs in these statuses, else all that wait (${WAITING.join(',')})`, PURGEABLE))
    .option('-y, --yes', 'do not ask')
    .action(async (queue: string, { status: statuses = WAITING, yes }: { status?: Status[], yes?: true }) => {
      const { api, output } = session()
      const { counts } = (await api.ask(client => client.GET('/queues/{queue}', { params: { path: { queue } } }))).value
      const total = sum(statuses.map(status => counts[status]))
      if (!yes) await confirm(api, `Delete about ${total} jobs of ${queue} (${statuses.join(', ')}) for good?`)
      const purged = Object.fromEntries(PURGEABLE.map(status => [status, 0])) as Record<Status, number>
      const bar = output.bar('purging', total)
      let more: boolean
      let before: number
      try {
        do {
          before = sum(Object.values(purged))
          const { value } = await api.ask(client => client.POST('/queues/{queue}/purge', { params: { path: { queue } }, body: { statuses } }))
          for (const status of PURGEABLE) purged[status] += value.purged[status]
          more = value.more
          bar.at(sum(Object.values(purged)))
          // Not for ever after those that come meanwhile.
        } while (more && sum(Object.values(purged)) < Math.max(total, before + 1))
      } finally {
        bar.end()
      }
      if (output.json) return output.line(JSON.stringify({ purged, more }))
      const parts = PURGEABLE.filter(status => purged[status] > 0).map(status => `${purged[status]} ${status}`)
      output.line(`deleted ${parts.join(', ') || 'none'}${more ? '; there may be more' : ''}`)
    })
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

async function confirm (api: Api, question: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new CommandError('Nobody can be asked whether to delete jobs: give --yes.', EXIT.usage)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C comes to the terminal that is read from; Ctrl-D is a no.
  terminal.on('SIGINT', () => process.emit('SIGINT'))
  try {
    const closed = new Promise<string>(resolve => terminal.once('close', () => resolve('')))
    const answer = await Promise.race([terminal.question(`${question} [y/N] `, { signal: api.signal }), closed])
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was deleted.')
  } finally {
    terminal.close()
  }
}
