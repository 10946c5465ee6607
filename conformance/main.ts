import { parseArgs } from 'node:util'
import { startKit } from './kit.ts'
import { checksOver, run } from './run.ts'
import type { Result } from './run.ts'
import { Scope } from './scope.ts'

// npm run conformance -- [--only echo,fail] [--jobs 4] [--patience 15] COMMAND…

const USAGE = `Checks a worker program: npm run conformance -- [options] COMMAND…
  --only echo,cancel   only these checks
  --jobs 4             how many are made at the same time; default: 4
  --patience 15        how long the worker may take for what is expected of it, in seconds; default: 15
  --list               says which checks there are
  --redis              the worker is one of Bellhop's own: it speaks with Redis, and takes the settings of those
docs/conformance.md says what the program must do.`

function fail (message: string): never {
  process.stderr.write(`${message}\n\n${USAGE}\n`)
  process.exit(2)
}

/** Options end where the command begins. */
function parse () {
  const args = process.argv.slice(2)
  let end = 0
  while (end < args.length && args[end]!.startsWith('--')) end += ['--list', '--redis', '--'].includes(args[end]!) || args[end]!.includes('=') ? 1 : 2
  try {
    const { values } = parseArgs({
      args: args.slice(0, end).filter(arg => arg !== '--'),
      options: { only: { type: 'string' }, jobs: { type: 'string', default: '4' }, patience: { type: 'string', default: '15' }, list: { type: 'boolean' }, redis: { type: 'boolean' } }
    })
    return { ...values, command: args.slice(end) }
  } catch (error) {
    fail((error as Error).message)
  }
}

const { only, jobs, patience, list, redis, command } = parse()
const over = redis ? 'redis' : 'http'
const checks = checksOver(over)
if (list) {
  for (const { name, says } of checks) process.stdout.write(`${name.padEnd(18)} ${says}\n`)
  process.exit(0)
}
if (command.length === 0) fail('There is no command.')
const names = only?.split(',')
for (const name of names ?? []) if (!checks.some(check => check.name === name)) fail(`There is no check '${name}'.`)
if (!/^[1-9]\d{0,3}$/.test(jobs)) fail(`--jobs must be a whole number from 1 on, not '${jobs}'.`)
if (!(Number(patience) > 0)) fail(`--patience must be a number of seconds, not '${patience}'.`)

const scope = new Scope()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => scope.end().finally(() => process.exit(1)))
try {
  const kit = await startKit(scope)
  const report = ({ check: { name, says }, error, ms }: Result) => {
    process.stdout.write(`${error ? 'not ok' : 'ok'} - ${name}: ${says} (${(ms / 1000).toFixed(1)} s)\n`)
    if (error) process.stdout.write(`${error.message.replace(/^/gm, '    ')}\n`)
  }
  const results = await run(kit, checks.filter(({ name }) => !names || names.includes(name)), () => command, { over, jobs: Number(jobs), patience: Number(patience), onResult: report })
  const failed = results.filter(({ error }) => error).length
  process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 ? 1 : 0
} finally {
  await scope.end()
}
