import { parseArgs } from 'node:util'
import { runMixed } from './run.ts'

// npm run test:mixed: jobs of all kinds on one queue, some to be run and some to be pushed, for our own workers, those of the TypeScript
// client and the Python example, while all of these, the API, what jobs are pushed to and Redis are killed, stopped, frozen and cut off at
// random. In the end each job must have ended as its input says, and each execution but a job's first be one that the service can account
// for. Prints the seed; --seed repeats the jobs and the choice of faults, not their timing. --broken drop, or twice, has workers that do wrong,
// which must be found.

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: `${Date.now() % 1e9}` },
    broken: { type: 'string' }
  }
})
const SHOWN = 20
const closing: (() => Promise<void>)[] = []

try {
  const options = { jobs: Number(values.jobs), seconds: Number(values.seconds), seed: Number(values.seed), workers: 3, typescript: 2, python: 2, drainSeconds: 240, broken: values.broken }
  const problems = await runMixed({ teardown: close => { closing.unshift(close) } }, options, line => console.log(line))
  if (problems.length > 0) {
    console.error([`${problems.length} problems:`, ...problems.slice(0, SHOWN)].join('\n'))
    process.exitCode = 1
  } else {
    console.log('Each job has ended as its input says, none was lost, and each execution is accounted for.')
  }
} finally {
  for (const close of closing) await close()
}
