import type { Command } from 'commander'
import type { Schemas } from '../api.ts'
import { CommandError, EXIT } from '../exit.ts'
import { cursorOption, limitOption, whole } from '../options.ts'
import { jobTable, showPage } from '../output.ts'
import type { Session } from '../session.ts'

/** Most that a call redrives. */
const STEP = 1000

export function addDeadLetters (program: Command, session: () => Session): void {
  const dlq = program.command('dlq').summary('the dead letters of a queue: jobs that have failed for good').description('The dead letters of a queue: jobs that have failed for good.')

  dlq.command('list').summary('lists them, newest first').description('Lists the dead letters of a queue, newest first.')
    .argument('<queue>', 'its name')
    .addOption(limitOption(50, 1000))
    .addOption(cursorOption())
    .action(async (queue: string, query: { limit: number, cursor?: string }) => {
      const { api, output } = session()
      showPage(output, await api.ask(client => client.GET('/queues/{queue}/dlq', { params: { path: { queue }, query } })), jobs => jobTable(output, jobs))
    })

  dlq.command('redrive').summary('queues them again, oldest first')
    .description('Queues dead letters again: these, or all that are there now, oldest first. Those that fail again meanwhile stay.')
    .argument('<queue>', 'its name')
    .argument('[ids...]', 'only these jobs')
    .option('-n, --limit <count>', 'how many at most', whole)
    .action(async (queue: string, ids: string[], { limit }: { limit?: number }) => {
      if (limit !== undefined && ids.length > 0) throw new CommandError('--limit is for all dead letters; with ids these are redriven.', EXIT.usage)
      if (limit === 0) throw new CommandError('--limit must be at least 1.', EXIT.usage)
      const { api, output } = session()
      const { failed } = ids.length > 0 ? { failed: ids.length } : await counts(session, queue)
      const total = Math.min(failed, limit ?? Infinity)
      const all: Schemas['Redriven'] = { redriven: 0, remaining: failed, not_found: [] }
      const bar = output.bar('redriving', total)
      let at = 0
      try {
        do {
          const size = Math.min(STEP, total - at)
          const body = ids.length > 0 ? { ids: ids.slice(at, at + STEP) } : { limit: Math.max(1, size) }
          if (total === 0) break
          const { value } = await api.ask(client => client.POST('/queues/{queue}/dlq/redrive', { params: { path: { queue } }, body }))
          all.redriven += value.redriven
          all.remaining = value.remaining
          all.not_found.push(...value.not_found)
          at += ids.length > 0 ? STEP : value.redriven
          bar.at(at)
          if (value.redriven === 0 && ids.length === 0) break
        } while (at < total)
      } finally {
        bar.end()
      }
      if (output.json) output.line(JSON.stringify(all))
      else output.line(`redriven ${all.redriven}, ${all.remaining} left`)
      if (all.not_found.length > 0) throw new CommandError(`Not among the dead letters of ${queue}: ${all.not_found.join(', ')}`)
    })
}

async function counts (session: () => Session, queue: string): Promise<{ failed: number }> {
  return (await session().api.ask(client => client.GET('/queues/{queue}', { params: { path: { queue } } }))).value.counts
}
