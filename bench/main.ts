import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Bench } from './bench.ts'
import { take } from './measure.ts'
import type { Scale } from './measure.ts'
import backlog from './measures/backlog.ts'
import engine from './measures/engine.ts'
import followers from './measures/followers.ts'
import growth from './measures/growth.ts'
import http from './measures/http.ts'
import latency from './measures/latency.ts'
import limits from './measures/limits.ts'
import persistence from './measures/persistence.ts'
import remote from './measures/remote.ts'
import schedules from './measures/schedules.ts'
import search from './measures/search.ts'
import worker from './measures/worker.ts'
import workers from './measures/workers.ts'
import { table, toRows } from './report.ts'
import type { ReportRow } from './report.ts'

// This queue beside others, and beside what Redis and Fastify can do by themselves: ratios, taken in one alternating run.

const SCALES: Record<'full' | 'quick', Scale> = { full: { jobs: 100_000, rounds: 5 }, quick: { jobs: 10_000, rounds: 1 } }
const measures = [...engine, ...latency, ...http, ...remote, ...worker, ...persistence, ...backlog, ...search, ...workers, ...growth, ...followers, ...limits, ...schedules]

const { values: { quick, json, only } } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' }, only: { type: 'string', multiple: true } }
})
const unknown = only?.find(name => !measures.some(measure => measure.name === name))
if (unknown) throw new Error(`--only ${unknown}: there is ${measures.map(({ name }) => name).join(', ')}`)

installPeers()
const scale = SCALES[quick ? 'quick' : 'full']
console.log(`${await versions()}; ${cpus()[0]?.model} × ${cpus().length}; ${scale.jobs.toLocaleString('en')} jobs a round, medians of ${scale.rounds}\n`)
const rows: ReportRow[] = []
for (const measure of measures) {
  if (only ? !only.includes(measure.name) : quick && measure.long) continue
  const result = await take(measure, scale, round => process.stderr.write(`\r${measure.name}: ${round === 0 ? 'warm-up' : `round ${round}`}   `))
  process.stderr.write('\r\x1b[K')
  rows.push(...toRows(measure, result))
}
console.log(table(rows))
if (quick && !only) console.log(`\nA quick pass leaves out ${measures.filter(({ long }) => long).map(({ name }) => name).join(', ')}.`)
if (json) await writeFile(json, JSON.stringify(rows, null, 2) + '\n')

async function versions (): Promise<string> {
  const bench = await Bench.start()
  const redis = /redis_version:(\S+)/.exec(await bench.redis.info('server'))![1]
  await bench.close()
  const { dependencies } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8')) as { dependencies: Record<string, string> }
  return [`Node ${process.versions.node}`, `Redis ${redis}`, ...Object.entries(dependencies).map(entry => entry.join(' '))].join(', ')
}

/** The other queues have a package of their own, so that only who runs this installs them. */
function installPeers (): void {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  if (!existsSync(`${folder}node_modules`)) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
}
