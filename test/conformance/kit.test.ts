import { execFile } from 'node:child_process'
import t from 'tap'
import { startKit } from '../../conformance/kit.ts'
import { checks, run } from '../../conformance/run.ts'
import { page, table } from '../docs/markdown.ts'

const kit = await startKit(t)
const WORKER = 'test/conformance/worker.mjs'

t.test('a worker that does all as it should passes', async t => {
  for (const { check, error } of await run(kit, checks, () => [process.execPath, WORKER], { jobs: 6, patience: 30 })) t.equal(error?.message, undefined, check.name)
})

t.test('the command prints what passed, and its exit code says whether all did', async t => {
  const conformance = (...args: string[]) => new Promise<[code: unknown, output: string]>(resolve => {
    execFile(process.execPath, ['--import=tsx', 'conformance/main.ts', ...args], (error, stdout, stderr) => resolve([error?.code ?? 0, stdout + stderr]))
  })
  const [good, bad, none, list] = await Promise.all([
    conformance('--only', 'echo,failure', '--patience=30', process.execPath, WORKER),
    conformance('--only', 'echo,failure', '--', 'env', 'BREAK=echo', process.execPath, WORKER),
    conformance('--only', 'echo'),
    conformance('--list')
  ])
  t.match(good, [0, /^(ok - (echo|failure): .* \([\d.]+ s\)\n){2}2 passed, 0 failed\n$/])
  t.match(bad, [1, /not ok - echo: .*\n {4}Expected: the result .*, not .*\n[\s\S]*1 passed, 1 failed\n$/])
  t.match(none, [2, /There is no command/])
  t.equal(list[1].trim().split('\n').length, checks.length)
})

t.test('the page names the checks', async t => {
  t.strictSame(table(page('docs/conformance.md'), 'The checks'), checks.map(({ name, says }) => [`\`${name}\``, says]))
})
