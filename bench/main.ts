import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { startRedisServer } from '../src/redis-server.ts'

// Jobs a second: submitted over HTTP by 64 connections, then drained by one worker whose handler does nothing. Everything
// real: processes of their own, a Redis with an append-only file, logs at info (thrown away), results kept.

const { values: { jobs, rounds } } = parseArgs({ options: { jobs: { type: 'string', default: '50000' }, rounds: { type: 'string', default: '5' } } })
const JOBS = Number(jobs)
const ROUNDS = Number(rounds)
const built = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url))
const BODY = JSON.stringify({ task: 'noop', input: 'x'.repeat(98) })

const dir = await mkdtemp(join(tmpdir(), 'bellhop-bench-'))
const redis = await startRedisServer({ dir })
const children: ChildProcess[] = []
try {
  const env = { ...process.env, REDIS_URL: `unix://${redis.socket}`, HANDLERS: fileURLToPath(new URL('noop.js', import.meta.url)), LOG_FORMAT: 'json', PORT: '0', WORKER_PORT: '0' }
  const api = await start(built('src/server.js'), env)
  console.log(`Node ${process.version}, ${cpus()[0]?.model} × ${cpus().length}; ${JOBS} jobs a round with 100 bytes of input, ${ROUNDS} rounds after a warm-up\n`)
  const results: { submit: number, drain: number }[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const submit = await submitted(api.address)
    const drain = await drained(api.address, env)
    if (round > 0) results.push({ submit, drain })
    console.log(`${round === 0 ? 'warm-up' : `round ${round}`}: ${line(submit, drain)}`)
  }
  console.log(`\nmedian: ${line(median(results.map(({ submit }) => submit)), median(results.map(({ drain }) => drain)))}`)
} finally {
  for (const child of children) child.kill('SIGKILL')
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}

async function submitted (address: string): Promise<number> {
  const { errors, non2xx, duration } = await autocannon({
    url: `${address}/jobs`, method: 'POST', headers: { 'content-type': 'application/json' }, body: BODY, connections: 64, amount: JOBS
  })
  if (errors + non2xx > 0) throw new Error(`${errors} errors and ${non2xx} refusals while submitting`)
  return JOBS / duration
}

/** From the moment a new worker starts to lease until all jobs are completed. */
async function drained (address: string, env: NodeJS.ProcessEnv): Promise<number> {
  const before = (await totals(address)).completed
  const worker = await start(built('worker/main.js'), env)
  const started = performance.now()
  const atStart = (await totals(address)).completed
  let completed = atStart
  while (completed < before + JOBS) {
    await new Promise(resolve => setTimeout(resolve, 10))
    completed = (await totals(address)).completed
  }
  const rate = (completed - atStart) / (performance.now() - started) * 1000
  const exit = once(worker.child, 'exit')
  worker.child.kill('SIGTERM')
  await exit
  return rate
}

async function totals (address: string): Promise<{ completed: number }> {
  const response = await fetch(`${address}/queues/default`)
  return (await response.json() as { totals: { completed: number } }).totals
}

async function start (module: string, env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess, address: string }> {
  const child = fork(module, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  children.push(child)
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => { throw new Error(`${module} ended`) })])
  return { child, address: message.address }
}

function median (values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function line (submit: number, drain: number): string {
  return `submit ${Math.round(submit).toLocaleString('en')} jobs/s over HTTP, drain ${Math.round(drain).toLocaleString('en')} jobs/s`
}
