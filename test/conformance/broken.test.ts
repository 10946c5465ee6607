import t from 'tap'
import { startKit } from '../../conformance/kit.ts'
import { checksOver, run } from '../../conformance/run.ts'
import { CheckError } from '../../conformance/trial.ts'
import { ownWorker } from '../helper/own-worker.ts'

const kit = await startKit(t)
const broken = {
  http: (name: string) => ['env', `BREAK=${name}`, process.execPath, 'test/conformance/worker.mjs'],
  redis: (name: string) => ownWorker('test/fixture/broken-handlers.mjs', { BREAK: name, MAX_BLOCKED_SECONDS: '0', ...(name === 'priority' && { WORKER_CONCURRENCY: '3' }) })
}

for (const over of ['http', 'redis'] as const) {
  t.test(`each check can fail, over ${over}: with a worker that does wrong what the check is there for`, async t => {
    const results = await run(kit, checksOver(over), ({ name }) => broken[over](name), { over, jobs: 6, patience: 8 })
    t.equal(results.length, checksOver(over).length)
    for (const { check, error } of results) t.ok(error instanceof CheckError, check.name, { found: error?.message })
  })
}
