import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { link, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'

/** What stands in the lock file of a data folder. */
export interface Lock {
  /** Process that holds the folder; only to be shown, as a pid is soon another process's. */
  readonly pid: number
  /** Unix socket that the holder listens on for as long as it lives: the kernel closes it even after a kill -9. */
  readonly alive: string
  /** Unix socket of the Redis that has the folder open. */
  readonly redis: string
}

/**
 * Claims `dir` for this process, so that no two Redis open one append-only file. Resolves to a function that lets go.
 * A lock that was left behind is replaced, once `stopRedis` has ended the Redis that it names, if that still runs.
 * Throws when a living process holds the folder.
 */
export async function claim (dir: string, sockets: Omit<Lock, 'pid'>, stopRedis: (socket: string) => Promise<void>): Promise<() => Promise<void>> {
  const path = join(dir, 'bellhop.lock')
  const own = `${path}.${randomUUID()}`
  const text = JSON.stringify({ pid: process.pid, ...sockets } satisfies Lock)

  // listening comes before the lock can be seen, so that it is never taken for one left behind
  const server = createServer((socket) => socket.destroy()).listen(sockets.alive).unref()
  await once(server, 'listening')
  try {
    await writeFile(own, text, { mode: 0o600 })
    while (!await created(own, path)) await displace(path, dir, stopRedis)
  } catch (err) {
    server.close()
    throw err
  } finally {
    await rm(own, { force: true })
  }
  return async () => {
    if (await content(path) === text) await rm(path, { force: true })
    server.close()
  }
}

/** A link appears at once and with its content, which a file that is being written does not. */
async function created (own: string, path: string): Promise<boolean> {
  try {
    await link(own, path)
    return true
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw err
  }
}

/** Takes a dead holder's lock away, if it is still there. */
async function displace (path: string, dir: string, stopRedis: (socket: string) => Promise<void>): Promise<void> {
  const text = await content(path)
  if (text === undefined) return
  const lock = parse(text)
  if (lock && await listens(lock.alive)) {
    throw new Error(`The data folder ${dir} is in use by process ${lock.pid}: stop that one, or set DATA_DIR to another folder`)
  }
  // before the lock goes, as nobody would know of that Redis after
  if (lock) await stopRedis(lock.redis)

  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return
    throw err
  }
  // since it was read, another start may have put its own lock here: that one goes back
  if (await content(aside) !== text) await link(aside, path)
  await rm(aside)
  if (lock) {
    await rm(lock.alive, { force: true })
    await rmdir(dirname(lock.alive)).catch(() => {}) // only tidying up: it may be gone
  }
}

async function content (path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return
    throw err
  }
}

function parse (text: string): Lock | undefined {
  try {
    return JSON.parse(text)
  } catch {
    // cut off by a full disk or a power failure: it says nothing, and nobody holds it
  }
}

async function listens (path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
