import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findServer } from '../../src/redis-server.ts'
import { until } from './engine.ts'
import { startTestRedis, type TestRedis } from './redis.ts'

interface Scope { teardown: (fn: () => Promise<void>) => void }

export interface SentinelSet {
  /** The first is the master at the beginning. */
  redises: (TestRedis & { port: number })[]
  /** For the environment of a process under test. */
  env: { REDIS_SENTINELS: string }
  /** The port of the master, as the Sentinels have it. */
  master: () => Promise<number>
}

/** A Redis, two replicas of it and three Sentinels, of which two must agree that the master is gone for 1 s; each keeps its data. */
export async function startSentinels (t: Scope): Promise<SentinelSet> {
  const ports = await freePorts(6)
  const [first] = ports as [number]
  const redises = []
  for (const port of ports.slice(0, 3)) {
    const extraArgs = ['--min-replicas-to-write', '1', '--repl-diskless-sync-delay', '0', ...(port === first ? [] : ['--replicaof', '127.0.0.1', String(first)])]
    redises.push(Object.assign(await startTestRedis(t, { appendonly: true, port, extraArgs }), { port }))
  }
  const sentinels = ports.slice(3)
  for (const port of sentinels) await startSentinel(t, port, first)

  const clients = sentinels.map(port => new Redis({ port, maxRetriesPerRequest: null }))
  t.teardown(async () => clients.forEach(client => client.disconnect()))
  const about = async (client: Redis) => {
    const flat = await client.call('SENTINEL', 'MASTER', 'mymaster') as string[]
    return (name: string) => flat[flat.indexOf(name) + 1]
  }
  for (const client of clients) {
    await until(async () => {
      const state = await about(client)
      return state('num-slaves') === '2' && state('num-other-sentinels') === '2'
    })
  }
  const [watcher] = clients as [Redis]
  return { redises, env: { REDIS_SENTINELS: sentinels.map(port => `127.0.0.1:${port}`).join() }, master: async () => Number((await about(watcher))('port')) }
}

async function startSentinel (t: Scope, port: number, master: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'bellhop-test-'))
  const config = join(dir, 'sentinel.conf')
  await writeFile(config, [`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, `sentinel monitor mymaster 127.0.0.1 ${master} 2`, 'sentinel down-after-milliseconds mymaster 1000', 'sentinel failover-timeout mymaster 5000', ''].join('\n'))
  const child = spawn(await findServer(), [config, '--sentinel'], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
    await rm(dir, { recursive: true, force: true })
  })
}

/** All at once, so that none is given twice. */
export async function freePorts (count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }))
  const ports = servers.map(server => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(async server => { server.close(); await once(server, 'close') }))
  return ports
}
