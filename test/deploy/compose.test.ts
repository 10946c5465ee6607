import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { settings } from '../../src/settings.ts'

// What a real engine makes of these files: npm run test:compose.

const read = (path: string) => parse(readFileSync(path, 'utf8'), { merge: true })
const base = read('docker-compose.yml')
const sentinel = read('deploy/compose/sentinel.yml')
const secrets = read('deploy/compose/secrets.yml')

t.test('each container of ours and each Redis is hardened, checked and started again', async t => {
  const own = (services: Record<string, any>) => Object.entries<any>(services).filter(([name]) => !['prometheus', 'grafana'].includes(name))
  // in the other files the API and the workers only get more settings, and `redis` is that of the first
  const all = [...own(base.services), ...own(sentinel.services).filter(([name]) => /-\d$/.test(name))]
  t.ok(all.length >= 8)
  for (const [name, service] of all) {
    t.match(service, { restart: 'unless-stopped', read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], healthcheck: { test: Array } }, name)
    t.notOk('privileged' in service, name)
  }
})

t.test('only the API is published, and what watches it, on this host alone', async t => {
  for (const { services } of [base, sentinel, secrets]) {
    for (const [name, { ports = [] }] of Object.entries<any>(services)) {
      t.same(ports.length, ['api', 'prometheus', 'grafana'].includes(name) && services === base.services ? 1 : 0, name)
      for (const port of ports) t.match(port, /^\$\{\w+:-127\.0\.0\.1:\d+}:\d+$/, name)
    }
  }
})

t.test('the other files say settings that exist, and volumes and secrets that are declared', async t => {
  const known = settings.map(({ name }) => name)
  for (const file of [sentinel, secrets]) {
    for (const name of ['api', 'worker']) t.same(Object.keys(file.services[name].environment).filter(name => !known.includes(name)), [])
    for (const [name, service] of Object.entries<any>(file.services)) {
      for (const volume of service.volumes ?? []) t.ok(volume.split(':')[0] in file.volumes, `${name}: ${volume}`)
      for (const secret of service.secrets ?? []) t.ok(secret in file.secrets, `${name}: ${secret}`)
    }
  }
  for (const [name, service] of Object.entries<any>(secrets.services)) {
    for (const [, secret] of JSON.stringify(service).matchAll(/\/run\/secrets\/(\w+)/g)) t.ok(service.secrets.includes(secret), `${name} has ${secret}`)
  }
})

t.test('no Redis drops jobs or answers before they are on its disk', async t => {
  for (const { command } of [base.services.redis, secrets.services.redis, sentinel.services.redis, sentinel.services['redis-2']]) {
    t.match([command].flat().join(' '), /--appendonly yes --appendfsync always --save +'?'? ?--maxmemory-policy noeviction/)
    t.match([command].flat().join(' '), /--maxmemory \$\{REDIS_MAXMEMORY:-0}/, 'and there is a bound to set')
  }
})

t.test('nobody is more than a viewer of Grafana: its first password is known to all', async t => {
  t.match(base.services.grafana.environment, { GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer', GF_AUTH_DISABLE_LOGIN_FORM: 'true', GF_AUTH_BASIC_ENABLED: 'false' })
})

t.test('each Redis is started by a number, as the user has another name in the images of Valkey', async t => {
  for (const service of [base.services.redis, ...Object.entries<any>(sentinel.services).filter(([name]) => /-\d$/.test(name)).map(([, service]) => service)]) t.match(service.user, /^\$\{REDIS_USER:-\d+:\d+}$/)
})

t.test('no secret that the docs have made gets into the repository or the image', async t => {
  const made = ['.env', 'secrets/redis_password', 'secrets/api_keys', 'api-keys', 'dump.rdb', 'dump.rdb.new']
  const { status, stdout } = spawnSync('git', ['check-ignore', '--no-index', ...made], { encoding: 'utf8' })
  if (status === 0 || status === 1) t.same(stdout.trim().split('\n'), made)
  else t.comment('SKIPPED: no repository of git')
  const [all, ...named] = readFileSync('.dockerignore', 'utf8').trim().split('\n')
  t.equal(all, '*', 'nothing but what is named')
  t.same(named.filter(line => !line.startsWith('!') || made.some(name => name.startsWith(line.slice(1)))), [])
})
