import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { command } from './helper/module.ts'
import { gone } from './helper/processes.ts'
import { startTestRedis } from './helper/redis.ts'

/** Starts the supervisor on `env` and the folder `dir` in a process of its own. */
function start (t: Test, dir: string, env: Record<string, string> = {}) {
  const [program, ...args] = command('test/fixture/start.ts')
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, DATA_DIR: dir, SHUTDOWN_GRACE_SECONDS: '20', ...env }
  })
  const exited = once(child, 'exit')
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => { out += chunk })
  t.teardown(() => child.kill('SIGKILL'))

  /** Waits until `pattern` was printed; fails with all that was printed when the process ends before, or after 20 s. */
  const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const end = Date.now() + 20_000; Date.now() < end; await setTimeout(20)) {
      const found = pattern.exec(out)
      if (found) return found
      if (child.exitCode !== null) break
    }
    throw new Error(`${pattern} was not printed:\n${out}`)
  }
  return {
    kill: (signal: NodeJS.Signals) => { child.kill(signal) },
    printed,
    /** Code and output, at the end. */
    async end () {
      const [code, signal] = await exited
      return { code: code ?? signal, out }
    },
    /** The address of the API, and the pids and addresses of both children. */
    async ready () {
      const [, api] = await printed(/API {4}(http:\S+)/)
      const children = [...out.matchAll(/child (\d+) (\d+) (\S+)/g)].map(([, pid, port, socket]) => ({ pid: Number(pid), url: `http://localhost:${port}`, socket }))
      return { api: api as string, worker: children.find(({ url }) => url !== api)!, children }
    }
  }
}

async function folder (t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bellhop-start-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

const get = async (url: string) => await (await fetch(url)).json() as { pid: number, count: number, logFormat: string }

/** The pid of the Redis that listens on `socket`. */
async function redisPid (socket: string | undefined): Promise<number> {
  const redis = new Redis({ path: socket as string })
  const info = await redis.info('server')
  redis.disconnect()
  return Number(/process_id:(\d+)/.exec(info)?.[1])
}

t.setTimeout(120_000) // each start is several processes, which from the sources compile what they load

t.test('starts all, prints the addresses, and stops all in order; the data is there at the next start', async (t) => {
  const dir = await folder(t)
  const first = start(t, dir, { LOG_FORMAT: 'json', DRAIN_MS: '500' })
  const { api, children } = await first.ready()
  t.equal(children.length, 2)
  const { count, logFormat } = await get(api)
  t.equal(count, 1)
  t.equal(logFormat, 'json')
  const pid = await redisPid(children[0]?.socket)

  first.kill('SIGINT')
  first.kill('SIGINT') // npm's echo of one Ctrl-C
  const { code, out } = await first.end()
  t.equal(code, 0)
  t.match(out, `Docs   ${api}/docs`)
  t.match(out, `Data   ${dir}`)
  for (const child of children) t.match(out, `drained ${child.pid} PONG`, 'Redis outlives the drain')
  await gone(pid, ...children.map(({ pid }) => pid))
  t.same(await readdir(dir), ['appendonlydir'])

  const second = start(t, dir)
  const again = await second.ready()
  t.equal((await get(again.api)).count, 2)
  second.kill('SIGTERM')
  t.equal((await second.end()).code, 0)
})

t.test('a second Ctrl-C ends the children at once, Redis in good order', async (t) => {
  const dir = await folder(t)
  const all = start(t, dir, { DRAIN_MS: '60000' })
  const { api, children } = await all.ready()
  await get(api)
  const pid = await redisPid(children[0]?.socket)
  all.kill('SIGINT')
  await all.printed(/Stopping: running jobs have 20 s/)
  await setTimeout(400)
  all.kill('SIGINT')
  t.equal((await all.end()).code, 130)
  await gone(pid, ...children.map(({ pid }) => pid))
  t.match(await readFile(join(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof'), 'utf8'), 'count')
  t.same(await readdir(dir), ['appendonlydir'], 'the lock is gone, so Redis was stopped in good order')
})

t.test('a worker that was told to stop leaves the others running', async (t) => {
  const all = start(t, await folder(t))
  const { api, worker } = await all.ready()
  await fetch(`${worker.url}/stop`).catch(() => {})
  await all.printed(/The worker has been stopped; the API goes on/)
  t.ok((await get(api)).count > 0)
  all.kill('SIGTERM')
  t.equal((await all.end()).code, 0)
})

t.test('when one of them ends by itself, everything stops and the message names it', async (t) => {
  const cases = {
    API: { message: /The API ended by itself \(code 7\)/, end: async (all: Running) => { await fetch(`${all.api}/exit`).catch(() => {}) } },
    worker: { message: /The worker ended by itself \(SIGKILL\)/, end: async (all: Running) => { process.kill(all.worker.pid, 'SIGKILL') } },
    Redis: { message: /Redis ended by itself \(SIGKILL\).*\n[^]*ready to accept connections/, end: async (all: Running) => { process.kill(await redisPid(all.worker.socket), 'SIGKILL') } }
  }
  for (const [name, { message, end }] of Object.entries(cases)) {
    await t.test(name, async (t) => {
      const all = start(t, await folder(t))
      const running = await all.ready()
      const pid = await redisPid(running.worker.socket)
      await end(running)
      const { code, out } = await all.end()
      t.equal(code, 1)
      t.match(out, message)
      await gone(pid, ...running.children.map(({ pid }) => pid))
    })
  }
})

t.test('after a kill -9 of it all, the next start has the data', async (t) => {
  const dir = await folder(t)
  const first = start(t, dir)
  const { api, children } = await first.ready()
  await get(api)
  const pid = await redisPid(children[0]?.socket)
  first.kill('SIGKILL')
  await gone(...children.map(({ pid }) => pid))

  const second = start(t, dir)
  const again = await second.ready()
  t.equal((await get(again.api)).count, 2)
  await gone(pid)
  second.kill('SIGTERM')
  t.equal((await second.end()).code, 0)
})

t.test('a given Redis is used, and left alone', async (t) => {
  const redis = await startTestRedis(t)
  const dir = await folder(t)
  const all = start(t, dir, redis.env)
  const { api, children } = await all.ready()
  await get(api)
  t.same(children.map(({ socket }) => socket), [redis.socket, redis.socket])
  all.kill('SIGTERM')
  const { code, out } = await all.end()
  t.equal(code, 0)
  t.match(out, `Redis  ${redis.socket}`)
  t.same(await readdir(dir), [], 'none of its own was started')
  t.equal(await redisPid(redis.socket), redis.pid)
})

t.test('what keeps it from starting is said in a line, without a stack', async (t) => {
  const dir = await folder(t)
  t.same(await start(t, dir, { PORT: 'x' }).end(), { code: 1, out: 'PORT is "x"; allowed: a whole number from 0 to 65535\n' })
  t.match(await start(t, dir, { PATH: dir }).end(), { code: 1, out: /^Redis \(or Valkey\) 7 or newer is needed, and neither.*\n$/ })

  const first = start(t, dir)
  await first.ready()
  t.match(await start(t, dir).end(), { code: 1, out: /^The data folder .* is in use by process \d+: .*\n$/ })
  first.kill('SIGTERM')
  t.equal((await first.end()).code, 0)
})

t.test('a signal to npm reaches the process: no shell stays in between', async (t) => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> }
  for (const name of ['start', 'start:api', 'start:worker']) t.match(scripts[name], /&& exec node \S+$/, name)
})

type Running = Awaited<ReturnType<ReturnType<typeof start>['ready']>>
