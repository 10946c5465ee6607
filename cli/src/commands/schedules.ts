import type { Command } from 'commander'
import { cursorOption, limitOption } from '../options.ts'
import { short, showPage, time } from '../output.ts'
import type { Session } from '../session.ts'

const ACTIONS = {
  pause: ['makes no jobs until it is resumed', 'Makes no jobs from now on, until it is resumed.'],
  resume: ['lets it go on', 'Lets a paused schedule go on, with its next time.'],
  run: ['makes its job now', 'Makes its job now, paused or not, and shows that.']
} as const

export function addSchedules (program: Command, session: () => Session): void {
  const schedules = program.command('schedules').summary('what makes jobs at given times').description('Schedules, which make jobs at given times.')

  schedules.command('list').summary('lists them').description('Lists the schedules.')
    .addOption(limitOption(100, 100))
    .addOption(cursorOption())
    .action(async (query: { limit: number, cursor?: string }) => {
      const { api, output } = session()
      showPage(output, await api.ask(client => client.GET('/schedules', { params: { query } })), items => {
        output.table(['SCHEDULE', 'STATE', 'WHEN', 'TASK', 'NEXT', 'LAST', 'FIRED', 'SKIPPED'], items.map(item => [
          item.name, item.paused ? 'paused' : item.next_slot ? 'runs' : 'over',
          item.cron ? `${item.cron} ${item.timezone ?? ''}`.trimEnd() : `every ${item.every_seconds} s`,
          short(item.job.task, 40), time(item.next_slot), time(item.last_slot), String(item.fired), String(item.skipped)
        ]))
      })
    })

  schedules.command('get').summary('shows one, with its next times').description('Shows a schedule, with its next times.')
    .argument('<name>', 'its name')
    .action(async (name: string) => {
      const { api, output } = session()
      const { value, text } = await api.ask(client => client.GET('/schedules/{name}', { params: { path: { name } } }))
      if (output.json) output.line(text)
      else output.fields(value)
    })

  for (const [action, [summary, description]] of Object.entries(ACTIONS)) {
    schedules.command(action).summary(summary).description(description)
      .argument('<name>', 'its name')
      .action(async (name: string) => {
        const { api, output } = session()
        const path = { name }
        const { value, text } = action === 'run'
          ? await api.ask(client => client.POST('/schedules/{name}/run', { params: { path } }))
          : await api.ask(client => client.POST(`/schedules/{name}/${action as 'pause' | 'resume'}`, { params: { path } }))
        if (output.json) output.line(text)
        else output.fields(value)
      })
  }
}
