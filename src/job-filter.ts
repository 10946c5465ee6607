import type { JobFilter as ContractFilter } from './contract/schemas.ts'
import type { JobFilter } from './queue/filter.ts'
import { invalid } from './validation-errors.ts'

const TIMES = ['created_after', 'created_before', 'finished_after', 'finished_before'] as const

/**
 * What a validated filter asks of the engine.
 * @param at where in the request it is, such as `/query`
 */
export function jobFilter ({ queue, status, task, type, tag, worker, priority, q, ...times }: ContractFilter, at: string): JobFilter {
  const filter: JobFilter = { queue, status, task, type, tag, worker, priority, q }
  for (const name of TIMES) {
    const text = times[name]
    if (text !== undefined) filter[name] = timeOf(text, `${at}/${name}`)
  }
  return filter
}

function timeOf (text: string, path: string): number {
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return time
  // RFC 3339 has leap seconds, JavaScript has not.
  throw invalid(path, 'must be a time such as 2030-01-31T08:00:00Z')
}
