import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import t from 'tap'
import { startKit } from '../../conformance/kit.ts'
import { checksOver, run } from '../../conformance/run.ts'

export const EXAMPLES = resolve('examples/workers')

/** Runs the kit against a worker, as a test. */
export async function passes (command: string[], over: 'http' | 'redis' = 'http'): Promise<void> {
  const kit = await startKit(t)
  await t.test(`${command.join(' ')} passes`, async t => {
    for (const { check, error } of await run(kit, checksOver(over), () => command, { over, jobs: 6, patience: 30 })) t.equal(error?.message, undefined, check.name)
  })
}

/** Ends the test here, with the reason, when a tool that the example needs is not on PATH. */
export function needs (...tools: string[]): void {
  const missing = tools.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
  if (missing.length === 0) return
  t.plan(0, `not on PATH: ${missing.join(', ')}`)
  process.exit(0)
}
