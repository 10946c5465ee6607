import type { Command } from 'commander'
import { cursorOption, limitOption } from '../options.ts'
import { short, showPage, time } from '../output.ts'
import type { Session } from '../session.ts'

const ORDERS = {
  quiet: ['lets it take no more jobs', 'Lets a worker take no more jobs; it finishes those that it has, and stays. There is no way back.'],
  stop: ['the same, and it ends then', 'Lets a worker take no more jobs, finish those that it has, and end. There is no way back.']
} as const

export function addWorkers (program: Command, session: () => Session): void {
  const workers = program.command('workers').summary('who does the jobs').description('The workers that live.')

  workers.command('list', { isDefault: true }).summary('lists them, and how much they do').description('Lists the workers that live, and how much they do.')
    .addOption(limitOption(100, 100))
    .addOption(cursorOption())
    .action(async (query: { limit: number, cursor?: string }) => {
      const { api, output } = session()
      showPage(output, await api.ask(client => client.GET('/workers', { params: { query } })), items => {
        output.table(['WORKER', 'STATE', 'LANGUAGE', 'HOST', 'QUEUES', 'RUNNING', 'STARTED', 'SEEN'], items.map(worker => [
          short(worker.id, 64), worker.state, short([worker.language, worker.version].filter(Boolean).join(' ') || '-', 20), short([worker.host, worker.pid].filter(Boolean).join(':') || '-', 40),
          worker.queues.join(','), worker.concurrency ? `${worker.running}/${worker.concurrency}` : String(worker.running), time(worker.started_at), time(worker.last_seen_at)
        ]))
      })
    })

  for (const [order, [summary, description]] of Object.entries(ORDERS)) {
    workers.command(order).summary(summary).description(description)
      .argument('<id>', 'its id')
      .action(async (id: string) => {
        const { api, output } = session()
        const { value, text } = await api.ask(client => client.POST(`/workers/{id}/${order as keyof typeof ORDERS}`, { params: { path: { id } } }))
        if (output.json) output.line(text)
        else output.fields(value)
      })
  }
}
