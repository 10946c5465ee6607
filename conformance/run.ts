import { randomBytes } from 'node:crypto'
import type { Check } from './check.ts'
import { faults } from './checks/faults.ts'
import { leases } from './checks/leases.ts'
import { outcomes } from './checks/outcomes.ts'
import { stopping } from './checks/stopping.ts'
import type { Kit } from './kit.ts'
import { Scope } from './scope.ts'
import { Trial } from './trial.ts'

export const checks: readonly Check[] = [...outcomes, ...leases, ...faults, ...stopping]

/** Those that can be made with a worker that speaks this. */
export function checksOver (over: 'http' | 'redis'): readonly Check[] {
  return checks.filter(check => over === 'http' || check.over === undefined)
}

export interface Result {
  check: Check
  /** Why it failed; undefined when it passed. */
  error: Error | undefined
  ms: number
}

export interface RunOptions {
  /** What the worker speaks; default: HTTP. */
  over?: 'http' | 'redis'
  /** How many checks are made at the same time. */
  jobs: number
  /** How long the worker may take for what is expected of it, in seconds. */
  patience: number
  onResult?: (result: Result) => void
}

/** Makes checks, each with a worker process and a queue of its own. `commandOf` says how the worker is started. */
export async function run (kit: Kit, wanted: readonly Check[], commandOf: (check: Check) => string[], { over = 'http', jobs, patience, onResult }: RunOptions): Promise<Result[]> {
  const results: Result[] = []
  const left = [...wanted]
  const make = async (check: Check) => {
    const scope = new Scope()
    const start = performance.now()
    let error: Error | undefined
    try {
      const trial = await Trial.prepare({ kit, scope, over, command: commandOf(check), queue: `conformance.${check.name}.${randomBytes(4).toString('hex')}`, patience })
      await (check.over === 'http' ? check.run(trial, trial.http!) : check.run(trial))
    } catch (thrown) {
      error = thrown as Error
    }
    const result = { check, error, ms: performance.now() - start }
    await scope.end()
    results.push(result)
    onResult?.(result)
  }
  await Promise.all(Array.from({ length: jobs }, async () => {
    for (let check; (check = left.shift());) await make(check)
  }))
  return results
}
