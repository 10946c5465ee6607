import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { completed, docker, load, say, until, withStack } from './stack.js'

const WORKERS = ['--scale', 'worker=5']

/** What each container may do, and that nothing is written to the image. */
export async function hardened () {
  const image = JSON.parse(docker('image', 'inspect', 'bellhop'))[0]
  const layers = docker('history', '--human=false', '--format', '{{.Size}} {{.CreatedBy}}', 'bellhop').split('\n').filter(line => line.includes('/app/'))
  const own = layers.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0)
  say(`image: ${(image.Size / 1e6).toFixed(0)} MB, of which ${(own / 1e6).toFixed(1)} MB are ours and the rest is its base; user ${image.Config.User}`)
  await withStack('hardened', {}, async ours => {
    ours.up()
    for (const service of ['api', 'worker', 'redis']) {
      const [id] = ours.containers(service)
      const { HostConfig } = JSON.parse(docker('inspect', id))[0]
      assert.ok(HostConfig.ReadonlyRootfs && HostConfig.CapDrop.includes('ALL'), service)
      const user = docker('exec', id, 'id', '-u')
      assert.notEqual(user, '0', service)
      assert.throws(() => execFileSync('docker', ['exec', id, 'sh', '-c', 'echo x > /x'], { stdio: 'ignore' }), service)
      say(`${service}: user ${user}, read-only, no capabilities`)
    }
    const development = docker('run', '--rm', 'bellhop', 'sh', '-c', 'ls -d node_modules/typescript node_modules/tap test src .git 2>/dev/null || true')
    assert.equal(development, '', 'no development files')
  })
}

/** Five workers; one of them and Redis are killed under load; a new image is rolled out under load; everything is stopped and started. */
export async function faultsAndUpgrade () {
  const next = 'bellhop:test-next'
  await withStack('faults', {}, async ours => {
    ours.up(...WORKERS)
    const before = load(ours)
    await before.more(100)
    docker('kill', ours.containers('worker')[0])
    await before.more(50)
    ours.compose('kill', 'redis')
    await until('the API notices that Redis is away', async () => !await ours.healthy())
    ours.compose('start', 'redis')
    await until('the API finds Redis again', ours.healthy)
    await before.more(100)
    const first = await before.stop()
    const jobs = await completed(ours, first.accepted)
    const shares = [...new Set(jobs.map(({ worker }) => worker))].map(worker => jobs.filter(job => job.worker === worker).length)
    assert.equal(shares.length, 5, 'each worker took part')
    say(`a worker and Redis killed under load: ${jobs.length} accepted, all completed, ${jobs.filter(({ lost }) => lost > 0).length} run again; ${first.refused} submits refused meanwhile; shared as ${shares.join(' + ')}`)

    execFileSync('docker', ['build', '--tag', next, '-'], { input: 'FROM bellhop\nLABEL test.version=next\n', stdio: ['pipe', 'ignore', 'pipe'] })
    const during = load(ours)
    await during.more(100)
    ours.use({ BELLHOP_IMAGE: next })
    ours.up(...WORKERS)
    await during.more(50)
    const second = await during.stop()
    const image = docker('image', 'inspect', '--format', '{{.Id}}', next)
    for (const service of ['api', 'worker']) {
      for (const id of ours.containers(service)) assert.equal(docker('inspect', '--format', '{{.Image}}', id), image, service)
    }
    const upgraded = await completed(ours, second.accepted)
    assert.deepEqual(upgraded.filter(({ lost }) => lost > 0), [], 'old workers finish or hand back what they run')
    say(`upgraded under load: ${upgraded.length} accepted, all completed, none of them lost its worker; ${second.refused} submits refused while the one API was replaced`)

    ours.down()
    ours.up(...WORKERS)
    const kept = await completed(ours, [...first.accepted, ...second.accepted])
    say(`stopped and started on its volume: all ${kept.length} jobs are there`)
  }).finally(() => {
    try { docker('image', 'rm', next) } catch {} // there is none when it failed before
  })
}

/** A job that fails until it is dead, and is redriven: by the API alone, as a worker in another language would do it. */
export async function deadLetters () {
  await withStack('letters', {}, async ours => {
    ours.up()
    const queue = 'by-hand'
    const { id } = await ours.call('POST', '/jobs', { task: 'fail', queue, max_attempts: 2, backoff: { type: 'fixed', delay_seconds: 0.1 } })
    const lease = async () => await until('the job is leased', async () => (await ours.call('POST', '/leases', { worker: { id: 'hand' }, queues: [queue], wait_seconds: 10 })).jobs[0])
    for (const attempt of [1, 2]) {
      const job = await lease()
      assert.equal(job.attempt, attempt)
      await ours.call('POST', `/jobs/${id}/fail`, { lease_token: job.lease_token, error: { message: 'on purpose' } })
    }
    const dead = await ours.call('GET', `/queues/${queue}/dlq`)
    assert.deepEqual(dead.items.map(job => [job.id, job.status]), [[id, 'failed']])
    assert.equal((await ours.call('POST', `/queues/${queue}/dlq/redrive`)).redriven, 1)
    await ours.call('POST', `/jobs/${id}/complete`, { lease_token: (await lease()).lease_token, result: 'well' })
    assert.equal((await ours.call('GET', `/jobs/${id}`)).status, 'completed')
    say('a job failed, was retried, was dead-lettered, was redriven and completed')
  })
}

/** deploy/compose/sentinel.yml: the master is killed under load, another takes its place, and the old one comes back as a replica. */
export async function sentinel () {
  await withStack('sentinel', { options: ['-f', 'docker-compose.yml', '-f', 'deploy/compose/sentinel.yml'] }, async ours => {
    const role = service => ours.compose('exec', '-T', service, 'redis-cli', 'role').split('\n')[0]
    ours.up('--scale', 'worker=2')
    const jobs = load(ours)
    await jobs.more(50)
    const redis = ['redis', 'redis-2', 'redis-3']
    assert.deepEqual(redis.map(role), ['master', 'slave', 'slave'])
    // what a replica has by now has to be there later
    ours.compose('exec', '-T', 'redis', 'sh', '-c', "printf 'SET test:mark 1\\nWAIT 2 10000\\n' | redis-cli")
    const replicated = jobs.accepted.length
    ours.compose('kill', 'redis')
    const killed = Date.now()
    await until('another is the master', () => ['redis-2', 'redis-3'].some(service => role(service) === 'master'))
    await until('jobs are accepted again', async () => (await ours.send('POST', '/submit', { task: 'again' }).catch(() => undefined))?.status === 202)
    const back = Date.now() - killed
    const resumed = jobs.accepted.length
    ours.compose('start', 'redis')
    await until('the old master is a replica', () => role('redis') === 'slave')
    await jobs.more(50)
    const { accepted, refused } = await jobs.stop()
    await completed(ours, [...accepted.slice(0, replicated), ...accepted.slice(resumed)])
    say(`the master killed under load: accepting again after ${(back / 1000).toFixed(1)} s; ${accepted.length} accepted, ${refused} refused; all that was replicated completed, and all after`)
  })
}

/** The secrets of deploy/compose/secrets.yml: Redis has a password, the API wants a key, and no container's environment has either. */
export async function secrets () {
  const SECRETS_DIR = mkdtempSync(join(tmpdir(), 'bellhop-secrets-'))
  const [key, entry] = docker('run', '--rm', 'bellhop', 'node', 'dist/src/make-key.js', '--scopes', 'submit,read').match(/bh_\S+|\S+:submit\+read/g)
  const password = 'correct-horse-battery-staple'
  writeFileSync(join(SECRETS_DIR, 'redis_password'), password + '\n')
  writeFileSync(join(SECRETS_DIR, 'api_keys'), entry + '\n')
  chmodSync(SECRETS_DIR, 0o755)
  const options = ['-f', 'docker-compose.yml', '-f', 'deploy/compose/secrets.yml']
  await withStack('secrets', { options, env: { SECRETS_DIR }, key }, async ours => {
    ours.up()
    const { id } = await ours.call('POST', '/jobs', { task: 'with a key' })
    await completed(ours, [id])
    assert.equal((await fetch(`${ours.url}/jobs`)).status, 401)
    assert.match(ours.compose('exec', '-T', 'redis', 'redis-cli', 'dbsize'), /NOAUTH/)
    for (const service of ['api', 'worker', 'redis']) {
      const inspected = docker('inspect', ours.containers(service)[0])
      assert.ok(!inspected.includes(password) && !inspected.includes(entry), service)
    }
    say('secrets from files: Redis wants its password, the API a key, and neither is in a container\'s settings')
  }).finally(() => rmSync(SECRETS_DIR, { recursive: true }))
}

/** The profile `monitoring`: Prometheus finds the API and each worker, may scrape them, and has the alerts. Grafana is not started. */
export async function monitoring () {
  await withStack('monitoring', { options: ['--profile', 'monitoring'], env: { PROMETHEUS_PUBLISH: '127.0.0.1:0' } }, async ours => {
    ours.up('--scale', 'worker=2', 'api', 'worker', 'prometheus')
    const prometheus = `http://${ours.compose('port', 'prometheus', '9090')}/api/v1`
    const asked = async path => await fetch(prometheus + path).then(async response => (await response.json()).data).catch(() => undefined)
    let targets
    await until('Prometheus scrapes the API and two workers', async () => {
      targets = (await asked('/targets'))?.activeTargets ?? []
      return targets.length === 3 && targets.every(({ health }) => health === 'up')
    }).catch(error => { throw new Error(`${error.message}: ${JSON.stringify(targets)}`) })
    const alerts = (await asked('/rules')).groups.flatMap(({ rules }) => rules)
    assert.ok(alerts.length > 0)
    say(`Prometheus scrapes ${targets.map(({ labels }) => labels.job).join(', ')} and has ${alerts.length} alerts`)
  })
}
