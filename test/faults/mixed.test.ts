import t from 'tap'
import { runMixed } from './mixed/run.ts'
import type { MixedOptions } from './mixed/run.ts'

t.setTimeout(300_000)

const OPTIONS: MixedOptions = { jobs: 300, seconds: 8, seed: 1, workers: 2, typescript: 1, python: 1, drainSeconds: 60 }

t.test('workers of all kinds on one queue, some of which are killed: none is lost, and what ran again is accounted for', async t => {
  const faults = ['killWorker', 'killTypescript', 'killPython', 'killApi', 'killTarget', 'killRedis']
  t.same(await runMixed(t, { ...OPTIONS, faults }, line => t.comment(line)), [])
})

for (const [broken, found] of [['drop', /completed without an execution/], ['twice', /was leased 1 times/]] as const) {
  t.test(`it finds a worker that does wrong: ${broken}`, async t => {
    const problems = await runMixed(t, { ...OPTIONS, jobs: 100, seconds: 1, faults: [], broken }, line => t.comment(line))
    t.match(problems.join('\n'), found)
  })
}
