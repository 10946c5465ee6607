import type { Answer, Api, Schemas } from './api.ts'
import { CommandError } from './exit.ts'
import { positive } from './options.ts'
import type { Output } from './output.ts'

type Job = Schemas['Job']

/** The options of commands that can wait. */
export const WAIT: [string, string] = ['-w, --wait', 'wait until it has ended; it ends with 1 if it has not completed']
export const WAIT_SECONDS: [string, string, (text: string) => number] = ['--wait-seconds <seconds>', 'the same, but no longer than that', positive]

export interface WaitOptions { wait?: true, waitSeconds?: number }

/** How many seconds to wait, `true` for as long as it takes. */
export const waitOf = ({ wait, waitSeconds }: WaitOptions): number | true | undefined => waitSeconds ?? wait

export const hasEnded = ({ status }: Job): boolean => ['completed', 'failed', 'cancelled'].includes(status)

/** The job when it has ended or so many seconds are over, `true` without such a limit. */
export async function waitForEnd (api: Api, answer: Answer<Job>, seconds: number | true): Promise<Answer<Job>> {
  const started = Date.now()
  while (!hasEnded(answer.value)) {
    const left = seconds === true ? 60 : seconds - (Date.now() - started) / 1000
    if (left <= 0) break
    const Prefer = `wait=${Math.min(60, Math.ceil(left))}`
    answer = await api.ask(client => client.GET('/jobs/{id}', { params: { path: { id: answer.value.id }, header: { Prefer } } }))
  }
  return answer
}

/** The job, and an error unless it has completed. */
export function showEnded (output: Output, { value, text }: Answer<Job>): void {
  if (output.json) output.line(text)
  else output.fields(value)
  if (value.status === 'completed') return
  const why = value.error ? `: ${value.error.message}` : value.cancellation ? `: ${value.cancellation.reason}` : ''
  throw new CommandError(hasEnded(value) ? `The job was not done, it is ${value.status}${why}` : `The job has not ended yet, it is ${value.status}. bellhop watch ${value.id} goes on waiting.`)
}
