import { once } from 'node:events'
import { spawn } from 'node:child_process'
import t from 'tap'
import { needs } from '../conformance/example.ts'
import { startFleet } from '../helper/fleet.ts'
import { inStatus } from '../helper/worker.ts'

needs('python3')

t.test('the Python example: however a task fails, it fails its job, and the worker goes on', async t => {
  const fleet = await startFleet(t)
  const { address } = await fleet.api()
  const worker = spawn('python3', ['test/fixture/odd.py', 'examples/workers/worker.py'], { env: { ...process.env, BELLHOP_URL: address }, stdio: 'ignore' })
  const exited = once(worker, 'exit')
  t.teardown(async () => {
    worker.kill('SIGKILL')
    await exited
  })
  const run = async (task: string) => await inStatus(fleet, (await fleet.queue.submit({ task, max_attempts: 1, input: '1' })).id, 'completed', 'failed')
  const cases: Record<string, [type: string, message: RegExp]> = {
    unreachable: ['URLError', /refused/],
    undecodable: ['UnicodeDecodeError', /0xff/],
    'no JSON': ['TypeError', /set is not JSON/],
    'not a number': ['ValueError', /not JSON compliant/],
    large: ['JobError', /too large/]
  }
  for (const [task, [type, message]] of Object.entries(cases)) t.match(await run(task), { status: 'failed', errors: [{ reason: 'failed', type, message }] }, task)
  t.match(await run('echo'), { status: 'completed', result: '1' })
  t.equal(worker.exitCode, null)
})
