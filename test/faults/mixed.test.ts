import t from 'tap'
import type { Job } from '../../src/queue/job.ts'
import { judge } from './mixed/judge.ts'
import type { Ended } from './mixed/judge.ts'
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

t.test('it finds what is not as it must be', async t => {
  const LEASE_MS = 3000
  const input = { n: 7, ms: 1, failures: 1, refused: false, later: false }
  const lapse = { attempt: 2, at: 8000, worker: 'w', reason: 'lost_lease' as const, message: 'lost' }
  /** Its first attempt failed, the lease of its second ran out, and its third lease went well. */
  const fine = (): Ended => ({
    id: 'x',
    plan: { type: 'task', input, max_attempts: 2, ends: 'completed', attempts: 2 },
    job: { status: 'completed', attempt: 2, lost: 1, result: '{"n":7}', errors: [{ attempt: 1, at: 2000, worker: 'w', reason: 'failed', message: 'no' }, lapse] } as unknown as Job,
    events: ([['started', 1000, 'w'], ['retrying', 2000, 'w'], ['queued', 3000], ['started', 4000, 'w'], ['queued', 8000, 'w'], ['started', 9000, 'v'], ['completed', 9500, 'v']] as const)
      .map(([kind, at, worker]) => ({ kind, at, worker })),
    executions: ([[1, 0], [2, 0], [2, 1]] as const).map(([attempt, lost]) => ({ id: 'x', by: 'python', at: 0, attempt, lost }))
  })
  const cases: Record<string, [spoil: (ended: Ended) => void, found?: RegExp]> = {
    'as it must be': [() => {}],
    'it was handed back once more': [({ events, executions }) => {
      events.splice(5, 0, { kind: 'started', at: 8100, worker: 'u' }, { kind: 'queued', at: 8200, worker: 'u' })
      executions.push(executions[2]!)
    }],
    'it is gone': [ended => { ended.job = undefined }, /is gone/],
    'it has not ended': [({ job }) => { job!.status = 'active' }, /is active, not completed/],
    'it has the result of another': [({ job }) => { job!.result = '{"n":8}' }, /has the result/],
    'an attempt too many': [({ job, executions }) => { job!.attempt = 3; executions.forEach(execution => execution.attempt++) }, /attempt 3, not 2/],
    'an attempt failed without a reason': [({ job }) => { job!.errors.shift() }, /attempt 1 has failed/],
    'a lease was lost that nothing tells of': [({ job }) => { job!.lost = 2 }, /2 leases were lost, 1/],
    'a lease was taken away before its time': [({ events }) => { events[3]!.at = 5001 }, /lost its lease after 2999 ms/],
    'it was run twice under one lease': [({ executions }) => { executions.push(executions[2]!) }, /ran 4 times/],
    'it was never run': [({ executions }) => { executions.length = 0 }, /without an execution/],
    'it was run as what it never was': [({ executions }) => { executions[0]!.lost = 5 }, /ran as attempt 1 after 5 lost leases/]
  }
  for (const [name, [spoil, found]] of Object.entries(cases)) {
    const ended = fine()
    spoil(ended)
    const problems = judge(ended, LEASE_MS, { failed: 0, lost: 0, handedBack: 0 }).join('\n')
    if (found) t.match(problems, found, name)
    else t.equal(problems, '', name)
  }
  const again = { failed: 0, lost: 0, handedBack: 0 }
  judge(fine(), LEASE_MS, again)
  t.same(again, { failed: 1, lost: 1, handedBack: 0 })
})
