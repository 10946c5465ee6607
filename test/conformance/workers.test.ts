import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { startKit } from '../../conformance/kit.ts'
import { checks, run } from '../../conformance/run.ts'
import { installClient } from '../helper/typescript-client.ts'

const kit = await startKit(t)

t.test('the worker of the TypeScript client passes', async t => {
  const dir = await installClient(t)
  await cp('examples/workers/typescript/worker.js', join(dir, 'worker.mjs'))
  for (const { check, error } of await run(kit, checks, () => [process.execPath, join(dir, 'worker.mjs')], { jobs: 6, patience: 30 })) t.equal(error?.message, undefined, check.name)
})
