import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { Keys } from '../../src/queue/keys.ts'
import { settings } from '../../src/settings.ts'
import { operations } from '../contract/contract.ts'
import { anchors, page, pages, table } from './markdown.ts'

t.test('every link leads somewhere', async t => {
  for (const [path, text] of pages) {
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const [file, anchor] = target!.split('#') as [string, string?]
      const found = file === '' ? path : join(dirname(path), file)
      t.ok(existsSync(found), `${path}: ${target}`)
      if (anchor) t.ok(anchors(readFileSync(found, 'utf8')).includes(anchor), `${path}: ${target}`)
    }
  }
})

t.test('the settings are those of src/settings.ts', async t => {
  const rows = table(page('README.md'), 'Settings')
  t.strictSame(rows, settings.map(setting => [
    `\`${setting.name}\``, setting.default === '' ? '' : `\`${setting.default}\``, setting.allowed, setting.meaning
  ]))
  const known = new Set([...settings.map(({ name }) => name), 'STOP_GRACE_PERIOD', 'REDIS_MAXMEMORY', 'REDIS_USER'])
  for (const [, name] of readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z_]+)=/gm)) t.ok(known.has(name!), `.env.example: ${name}`)
  for (const [path, text] of pages) for (const [, name] of text.matchAll(/`((?:REDIS|WORKER|SWEEP|DLQ|COMPLETED|LEASE|MAX|LOG|SHUTDOWN)_[A-Z_]*[A-Z])\b/g)) t.ok(known.has(name!), `${path}: ${name}`)
})

t.test('the map of the API is that of the contract', async t => {
  t.strictSame(table(page('README.md'), 'The API').map(([operation]) => operation), operations.map(({ method, path }) => `\`${method} ${path}\``))
})

t.test('every key and every script is described, and no other', async t => {
  const text = page('docs/architecture.md')
  const keys = new Keys()
  const documented = table(text, 'Keys').flatMap(([names]) => names!.split(', ').map(name => name.replaceAll('`', '')))
  const all = [...keys.derived('default'), keys.held('default', '<worker>'), keys.workers, keys.workersSeen, keys.workersOrders, keys.leaseSecret, keys.sweeps, keys.settings, keys.settingsVersions, keys.webhooks, keys.endpoint('<id>'), keys.schedules, keys.schedulesDue, keys.schedule('<name>'), keys.rateLimit('<client>'), keys.idempotency('', '').replace(/[^:]+$/, '<hash>')]
  t.strictSame(documented.sort(), [...new Set(all)].sort())
  const scripts = readdirSync('src/queue/lua').filter(name => name.endsWith('.lua')).map(name => `\`${name.slice(0, -4)}\``)
  t.strictSame(table(text, 'Scripts').map(([name]) => name).sort(), scripts.sort())
})

t.test('every metric of ours is described, and no other', async t => {
  const sources = ['plugins/job-metrics.ts', 'plugins/schedule-metrics.ts', 'plugins/schedules.ts', 'plugins/webhooks.ts', 'plugins/events.ts', 'plugins/leases.ts', 'worker/metrics.ts', 'worker/task-metrics.ts'].map(path => readFileSync(path, 'utf8')).join('\n')
  const metrics = [...sources.matchAll(/(?:name: |'(?:histogram|counter)', )'(\w+)'/g)].map(([, name]) => name!).filter(name => name.includes('_'))
  const documented = table(page('docs/operations.md'), 'What to watch').map(([name]) => name!.replace(/^`(\w+).*$/, '$1')).filter(name => !name.startsWith('http_'))
  t.strictSame(documented.sort(), metrics.sort())
})

t.test('every alert is explained, and no other', async t => {
  const alerts = [...readFileSync('deploy/prometheus/alerts.yml', 'utf8').matchAll(/- alert: (\w+)/g)].map(([, name]) => `\`${name}\``)
  t.strictSame(table(page('docs/operations.md'), 'Alerts').map(([name]) => name), alerts)
})

t.test('the figures of sizing are about those that were measured', async t => {
  const measured = new Map(table(page('docs/performance.md'), '# Performance').map(([measure, ours]) => [measure, ours!] as const).reverse())
  const figure = (text: string) => Number(/[\d,.]+/.exec(text)![0].replaceAll(',', ''))
  const rows = table(page('docs/operations.md'), 'Size')
  t.equal(rows.length, 5)
  for (const [what, take, measure] of rows) {
    const ratio = figure(take!) / figure(measured.get(measure!) ?? '')
    t.ok(ratio > 0.75 && ratio < 1.33, `${what}: ${take}, measured ${measured.get(measure!)}`)
  }
})

t.test('the Redis of the compose file and of Kubernetes is set up as it should be', async t => {
  const values = new Map(table(page('docs/operations.md'), 'Redis').map(([name, value]) => [name!.replaceAll('`', ''), /`([^`]*)`/.exec(value!)?.[1]]))
  for (const path of ['docker-compose.yml', 'deploy/kubernetes/overlays/trial/redis.yaml']) {
    const text = readFileSync(path, 'utf8')
    for (const name of ['maxmemory-policy', 'appendonly', 'appendfsync', 'save', 'auto-aof-rewrite-min-size']) t.match(text, new RegExp(`--${name},? '?${values.get(name)}`), `${path}: ${name}`)
  }
})

t.test('every line of the log that warns is explained, and no other', async t => {
  const files = ['src', 'plugins', 'worker', 'worker/handlers', 'worker/ai', 'worker/threads', 'worker/keeper'].flatMap(folder => readdirSync(folder).filter(name => name.endsWith('.ts')).map(name => readFileSync(join(folder, name), 'utf8')))
  const logged = files.flatMap(text => [...text.matchAll(/[lL]og(?:\.(?:warn|error|fatal)|\[level\])\((?:\{.*?\}, |this\.#line, )?'([^']+)'/g)].map(([, message]) => message!))
  t.strictSame(table(page('docs/operations.md'), 'What the log says').map(([message]) => message).sort(), logged.sort())
})
