import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import t from 'tap'
import { startKit } from '../../conformance/kit.ts'
import { checks, checksOver, run } from '../../conformance/run.ts'
import { CheckError } from '../../conformance/trial.ts'
import { page, table } from '../docs/markdown.ts'
import { command } from '../helper/module.ts'
import { ownWorker } from '../helper/own-worker.ts'

// That the kit is sound. `npm run test:conformance` makes all checks with all workers, and breaks each.

const kit = await startKit(t)
const WORKER = [process.execPath, 'test/conformance/worker.mjs']
const QUICK = ['echo', 'failure', 'attempts', 'settle-again', 'stop-idle', 'terminate-idle']
const quick = (over: 'http' | 'redis', ...names: string[]) => checksOver(over).filter(({ name }) => names.includes(name))

t.test('a worker that does all as it should passes', async t => {
  for (const { check, error } of await run(kit, quick('http', ...QUICK), () => WORKER, { jobs: 6, patience: 30 })) t.equal(error?.message, undefined, check.name)
})

t.test('our own worker passes', async t => {
  const worker = ownWorker('examples/workers/handlers.js')
  for (const { check, error } of await run(kit, quick('redis', 'no-retry', 'stop-idle'), () => worker, { over: 'redis', jobs: 3, patience: 30 })) t.equal(error?.message, undefined, check.name)
})

t.test('one that does not is found out', async t => {
  for (const { check, error } of await run(kit, quick('http', 'no-retry', 'unknown-task'), ({ name }) => ['env', `BREAK=${name}`, ...WORKER], { jobs: 2, patience: 30 })) t.ok(error instanceof CheckError, check.name)
})

t.test('the command prints what passed, and its exit code says whether all did', async t => {
  const conformance = (...args: string[]) => new Promise<[code: unknown, output: string]>(resolve => {
    const [program, ...all] = command('conformance/main.ts', ...args)
    execFile(program, all, (error, stdout, stderr) => resolve([error?.code ?? 0, stdout + stderr]))
  })
  const [mixed, none, half, fewer] = await Promise.all([
    conformance('--only', 'echo,failure', '--patience=30', '--', 'env', 'BREAK=echo', ...WORKER),
    conformance('--only', 'echo'),
    conformance('--jobs', '0.5', ...WORKER),
    conformance('--list', '--redis')
  ])
  t.equal(mixed[0], 1)
  t.match(mixed[1], /^ok - failure: .* \([\d.]+ s\)\n/m)
  t.match(mixed[1], /not ok - echo: .*\n {4}Expected: the result .*, not .*\n[\s\S]*1 passed, 1 failed\n$/)
  t.match(none, [2, /There is no command/])
  t.match(half, [2, /--jobs must be a whole number from 1 on, not '0.5'/], 'which would make no check, and pass')
  t.equal(fewer[1].trim().split('\n').length, checksOver('redis').length)
})

t.test('no worker outlives the command that is interrupted', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const [program, ...args] = command('conformance/main.ts', '--only=echo', process.execPath, '-e', `require('net').connect(${port}, '127.0.0.1')`)
  const kit = spawn(program, args, { stdio: 'ignore' })
  const ended = once(kit, 'exit')
  t.teardown(() => {
    kit.kill('SIGKILL')
    server.close()
  })
  const [worker] = await once(server, 'connection') as [Socket]
  const gone = once(worker.resume(), 'close')
  kit.kill('SIGINT')
  t.strictSame(await ended, [1, null])
  await gone
})

t.test('the page names the checks', async t => {
  t.strictSame(table(page('docs/conformance.md'), 'The checks'), checks.map(({ name, says, over }) => [`\`${name}\``, says, over === 'http' ? 'HTTP' : 'either']))
})
