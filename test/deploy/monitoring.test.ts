import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'

const execute = promisify(execFile)

interface Panel { title: string, type: string, targets: { expr: string }[] }

const { panels } = JSON.parse(readFileSync('deploy/grafana/dashboards/bellhop.json', 'utf8')) as { panels: Panel[] }
const queries = panels.filter(({ type }) => type !== 'row').flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })))
const rules = parse(readFileSync('deploy/prometheus/alerts.yml', 'utf8')).groups.flatMap((group: any) => group.rules) as { alert: string, expr: string }[]

const fleet = await startFleet(t)
const [api, worker] = await Promise.all([fleet.api(), fleet.worker({ HANDLERS: '', PLACEHOLDER_MS: '1' })])
await fetch(`${api.address}/submit`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"task":"x"}' })

/** The metrics that a query in PromQL names. */
function metricsIn (expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}|\[[^\]]*\]/g, '').replace(/\b(by|on|without) \([^)]*\)/g, '')
  return [...bare.matchAll(/\b[a-zA-Z_]\w*\b(?! *\()/g)].map(([name]) => name).filter(name => !['and', 'or', 'unless', 'by', 'offset'].includes(name))
}

/** Whether there is a program that can be started; else why a test is skipped. */
async function missing (program: string): Promise<string | false> {
  return await execute(program, ['--version']).then(() => false, () => `${program} is not installed`)
}

// Asked before the first test: when all that there are have ended there can be no more.
const [noPromtool, noPrometheus] = await Promise.all([missing('promtool'), missing('prometheus')])

t.test('every metric that an alert or a panel asks for is there', async t => {
  t.same(metricsIn('max by (queue) (increase(a_b{c="d e"}[10m])) > 0 and on () c_d offset 10m unless e'), ['a_b', 'c_d', 'e'])
  const scraped = await until(async () => {
    const text = await scrape(api.address) + await scrape(worker.address)
    return text.includes('bellhop_job_running_seconds_count{') && text
  })
  const there = new Set([...scraped.matchAll(/^(\w+)[{ ]/gm)].map(([, name]) => name!).concat('up'))
  const wanted = [...queries, ...rules.map(({ alert, expr }) => ({ title: alert, expr }))]
  t.ok(wanted.length > 20)
  for (const { title, expr } of wanted) for (const name of metricsIn(expr)) t.ok(there.has(name), `${title}: ${name}`)
})

t.test('the alerts fire when they should', { skip: noPromtool }, async t => {
  const options = { cwd: 'deploy/prometheus' }
  await t.resolves(execute('promtool', ['check', 'config', 'prometheus.yml'], options))
  await t.resolves(execute('promtool', ['test', 'rules', 'alerts.test.yml'], options))
  const tested = readFileSync('deploy/prometheus/alerts.test.yml', 'utf8')
  for (const { alert } of rules) t.match(tested, new RegExp(`alertname: ${alert}\\n +exp_alerts:\\n`), `${alert} is tested`)
  t.strictSame(parse(readFileSync('docker-compose.yml', 'utf8')).services.prometheus.profiles, ['monitoring'])
})

t.test('a live Prometheus answers every panel', { skip: noPrometheus }, async t => {
  const dir = await mkdtemp(join(tmpdir(), 'bellhop-prometheus-'))
  const job = (job_name: string, address: string) => ({ job_name, static_configs: [{ targets: [new URL(address).host] }] })
  const config = { global: { scrape_interval: '1s', evaluation_interval: '1s' }, rule_files: [resolve('deploy/prometheus/alerts.yml')], scrape_configs: [job('bellhop-api', api.address), job('bellhop-worker', worker.address)] }
  await writeFile(join(dir, 'prometheus.yml'), JSON.stringify(config))
  const prometheus = spawn('prometheus', [`--config.file=${dir}/prometheus.yml`, `--storage.tsdb.path=${dir}/data`, '--web.listen-address=127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = new Promise(resolve => prometheus.once('exit', resolve))
  t.teardown(async () => {
    prometheus.kill('SIGKILL')
    await exited
    await rm(dir, { recursive: true, force: true })
  })
  let log = ''
  prometheus.stderr.setEncoding('utf8').on('data', (chunk: string) => { log += chunk })
  const address = await until(() => /Listening on"? address=(127\.0\.0\.1:\d+)/.exec(log)?.[1])
  // It listens before it can answer.
  await until(async () => (await fetch(`http://${address}/-/ready`)).ok)
  const ask = async (expr: string): Promise<unknown[]> => {
    const query = expr.replaceAll('$__rate_interval', '20s').replaceAll('$queue', '.*')
    const answer = await (await fetch(`http://${address}/api/v1/query?${new URLSearchParams({ query })}`)).json() as any
    if (answer.status !== 'success') throw new Error(`${query}: ${answer.error}`)
    return answer.data.result
  }
  for (const { title, expr } of queries) t.ok(await until(async () => (await ask(expr)).length > 0), `${title}: ${expr}`)
  const { data } = await (await fetch(`http://${address}/api/v1/rules`)).json() as any
  t.strictSame(data.groups[0].rules.map(({ name }: any) => name), rules.map(({ alert }) => alert))
})

async function scrape (address: string): Promise<string> {
  return await (await fetch(`${address}/metrics`)).text()
}
