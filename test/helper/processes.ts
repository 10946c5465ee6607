import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

/** Resolves when none of the processes runs any more; throws after 10 s. */
export async function gone (...pids: number[]): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await setTimeout(20)) {
    const left = await Promise.all(pids.map(runs))
    if (!left.includes(true)) return
  }
  throw new Error(`one of the processes ${pids} is still there`)
}

async function runs (pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // one that has ended may wait for long to be collected by a lazy init
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) [ZX] /.test(stat)
}
