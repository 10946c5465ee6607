// One run of the compose file under a project name of its own, on a free port of 127.0.0.1.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'

const DEADLINE_MS = 180_000

/** Calls `question` until it answers something true; throws after 3 minutes. */
export async function until (what, question) {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end; await setTimeout(250)) {
    const answer = await question()
    if (answer) return answer
  }
  throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s`)
}

export const say = line => console.log(`  ${line}`)

export const docker = (...args) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()

/**
 * Runs `check` on a stack of its own, which is gone afterwards, volumes too; prints what its containers say when it fails.
 * `options` stand before compose's command, such as `['--env-file', …]`; `env` is what the compose file is filled in with.
 */
export async function withStack (name, { options = [], env = {}, key }, check) {
  const ours = await stack(name, options, env, key)
  try {
    await check(ours)
  } catch (error) {
    console.error(ours.compose('ps', '--all'))
    console.error(ours.compose('logs', '--tail', '40'))
    throw error
  } finally {
    ours.down('--volumes')
  }
}

async function stack (name, options, env, key) {
  const PUBLISH = `127.0.0.1:${await freePort()}`
  const filled = { ...process.env, ...env, PUBLISH }
  const url = `http://${PUBLISH}`
  const compose = (...args) => execFileSync('docker', ['compose', '-p', `bellhop-test-${name}`, ...options, ...args], { env: filled, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  const send = async (method, path, body) => await fetch(url + path, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...(key && { authorization: `Bearer ${key}` }) },
    ...(body && { body: JSON.stringify(body) })
  })

  return {
    compose,
    send,
    url,
    use: changes => Object.assign(filled, changes),
    up: (...args) => compose('up', '-d', '--no-build', '--wait', ...args),
    /** Ids of the running containers of a service. */
    containers: service => compose('ps', '-q', service).split('\n').filter(Boolean),
    healthy: async () => await send('GET', '/health').then(response => response.ok, () => false),
    /** The answer of a request that has to succeed. */
    async call (method, path, body) {
      const response = await send(method, path, body)
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
      return await response.json()
    },
    down: (...args) => compose('down', '--timeout', '60', ...args)
  }
}

/** Submits about 20 jobs a second until stopped; what is not accepted is no job. */
export function load ({ send }) {
  const accepted = []
  let refused = 0
  const stopping = new AbortController()
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const response = await send('POST', '/submit', { task: `load ${accepted.length}` }).catch(() => undefined)
      if (response?.status === 202) accepted.push((await response.json()).id)
      else refused++
      await setTimeout(50)
    }
  })()
  return {
    accepted,
    /** Resolves when `count` more jobs have been accepted. */
    async more (count) {
      const enough = accepted.length + count
      await until(`${count} more jobs are accepted`, () => accepted.length >= enough)
    },
    async stop () {
      stopping.abort()
      await running
      return { accepted, refused }
    }
  }
}

/** Waits until all these jobs have ended, and returns them; throws when one did not complete, or is not there any more. */
export async function completed ({ call }, ids) {
  const open = new Set(ids)
  const jobs = []
  await until(`${ids.length} jobs complete`, async () => {
    for (const id of open) {
      // a connection that is left from before a restart fails once
      const job = await call('GET', `/jobs/${id}`).catch(error => { if (error.name !== 'TypeError') throw error })
      if (!job?.completed_at) return false
      if (job.status !== 'completed') throw new Error(`not completed: ${JSON.stringify(job)}`)
      jobs.push(job)
      open.delete(id)
    }
    return true
  })
  return jobs
}

async function freePort () {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
