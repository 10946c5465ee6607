import type { Command } from 'commander'
import { cursorOption, limitOption } from '../options.ts'
import { short, showPage, time } from '../output.ts'
import type { Session } from '../session.ts'

export function addWorkers (program: Command, session: () => Session): void {
  program.command('workers').summary('lists the workers that live').description('Lists the workers that live, and how much they do.')
    .addOption(limitOption(100, 100))
    .addOption(cursorOption())
    .action(async (query: { limit: number, cursor?: string }) => {
      const { api, output } = session()
      showPage(output, await api.ask(client => client.GET('/workers', { params: { query } })), workers => {
        output.table(['WORKER', 'STATE', 'LANGUAGE', 'HOST', 'QUEUES', 'RUNNING', 'STARTED', 'SEEN'], workers.map(worker => [
          short(worker.id, 64), worker.state, short([worker.language, worker.version].filter(Boolean).join(' ') || '-', 20), short([worker.host, worker.pid].filter(Boolean).join(':') || '-', 40),
          worker.queues.join(','), worker.concurrency ? `${worker.running}/${worker.concurrency}` : String(worker.running), time(worker.started_at), time(worker.last_seen_at)
        ]))
      })
    })
}
