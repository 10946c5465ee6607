import t from 'tap'
import { startKit } from '../../conformance/kit.ts'
import { checks, run } from '../../conformance/run.ts'
import { CheckError } from '../../conformance/trial.ts'

const kit = await startKit(t)

t.test('each check can fail: with a worker that does wrong what the check is there for', async t => {
  const results = await run(kit, checks, ({ name }) => ['env', `BREAK=${name}`, process.execPath, 'test/conformance/worker.mjs'], { jobs: 6, patience: 5 })
  t.equal(results.length, checks.length)
  for (const { check, error } of results) t.ok(error instanceof CheckError, check.name, { found: error?.message })
})
