import type { Command } from 'commander'
import type { Schemas } from '../api.ts'
import { choices, cursorOption, limitOption, queueOption, someOf } from '../options.ts'
import { jobTable, showPage } from '../output.ts'
import type { Session } from '../session.ts'
import { WAIT, WAIT_SECONDS, showEnded, waitForEnd, waitOf } from '../wait.ts'
import type { WaitOptions } from '../wait.ts'

const STATUSES = choices<Schemas['JobStatus']>({ blocked: true, scheduled: true, queued: true, active: true, retrying: true, completed: true, failed: true, cancelled: true })

const ACTIONS = {
  cancel: 'cancels a job, also one that runs',
  retry: 'queues a job again that has ended',
  promote: 'runs a job now that waits for its time'
} as const

export function addJobs (program: Command, session: () => Session): void {
  program.command('get').summary('shows a job')
    .description('Shows a job with all that is known of it.')
    .argument('<id>', 'its id')
    .option(...WAIT)
    .option(...WAIT_SECONDS)
    .action(async (id: string, options: WaitOptions) => {
      const wait = waitOf(options)
      const { api, output } = session()
      const answer = await api.ask(client => client.GET('/jobs/{id}', { params: { path: { id } } }))
      if (wait !== undefined) showEnded(output, await waitForEnd(api, answer, wait))
      else if (output.json) output.line(answer.text)
      else output.fields(answer.value)
    })

  program.command('list').summary('finds jobs')
    .description('Finds jobs, the newest first, that have all that is asked for.')
    .addOption(queueOption('only of this queue'))
    .addOption(someOf('-s, --status <statuses>', 'only in these statuses', STATUSES))
    .option('--task <task>', 'only with exactly this task')
    .option('--tag <tag>', 'only with this tag')
    .option('--worker <id>', 'only those that this worker runs, or ran last')
    .option('--created-after <time>', 'only created then or later, such as 2030-01-31T08:00:00Z')
    .option('--created-before <time>', 'only created earlier')
    .option('--text <text>', 'only with this text in input, task, id or errors')
    .option('--oldest', 'the oldest first')
    .addOption(limitOption(50, 200))
    .addOption(cursorOption())
    .action(async options => {
      const { api, output } = session()
      const { status, queue, task, tag, worker, createdAfter, createdBefore, text, oldest, limit, cursor } = options
      const query = { status, queue, task, tag, worker, created_after: createdAfter, created_before: createdBefore, q: text, order: oldest ? 'oldest' as const : undefined, limit, cursor }
      const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
      showPage(output, await api.ask(client => client.GET('/jobs', { params: { query: given } })), jobs => jobTable(output, jobs))
    })

  for (const [action, summary] of Object.entries(ACTIONS)) {
    program.command(action).summary(summary).description(`${summary[0]!.toUpperCase()}${summary.slice(1)}, and shows it.`)
      .argument('<id>', 'its id')
      .action(async (id: string) => {
        const { api, output } = session()
        const { value, text } = await api.ask(client => client.POST(`/jobs/{id}/${action as keyof typeof ACTIONS}`, { params: { path: { id } } }))
        if (output.json) output.line(text)
        else output.fields(value)
      })
  }
}
