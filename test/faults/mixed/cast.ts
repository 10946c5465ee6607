import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Program } from '../../../conformance/program.ts'
import type { Fleet } from '../../helper/fleet.ts'
import { redisFaults } from '../../helper/redis-faults.ts'
import { startProcess } from '../../helper/service.ts'
import type { Service } from '../../helper/service.ts'
import { LEASE_SECONDS } from './plan.ts'

type Scope = Parameters<typeof startProcess>[0]

export interface CastOptions {
  /** How many of each kind. */
  workers: number
  typescript: number
  python: number
  /** The file to which executions are written. */
  executions: string
  /** See remote.mjs; all workers of the TypeScript client are so. */
  broken?: string | undefined
}

export interface Cast {
  /** Of the API, and of what jobs are pushed to: the same over their restarts. */
  address: string
  target: string
  /** Each ends, freezes or cuts off something that is chosen by `random`, and puts it right again. */
  faults: Record<string, () => Promise<void>>
  /** Workers that have ended though nobody ended them, and what they wrote. */
  fallen: string[]
  /** Ends all of them but Redis and the API. */
  leave: () => Promise<void>
}

/** Where jobs are pushed to. */
const ALLOWED_PRIVATE_NETWORKS = '127.0.0.0/8'

const file = (name: string) => resolve('test/faults/mixed', name)

/** All processes that take part in a mixed run. */
export async function startCast (scope: Scope, fleet: Fleet, { workers, typescript, python, executions, broken }: CastOptions, random: (n: number) => number): Promise<Cast> {
  let apiPort = '0'
  const startApi = async () => await fleet.api({ PORT: apiPort, LOG_LEVEL: 'warn', ALLOWED_PRIVATE_NETWORKS })
  let api = await startApi()
  const { address } = api
  apiPort = new URL(address).port

  let targetPort = '0'
  const startTarget = async () => await startProcess(scope, 'test/faults/mixed/target.mjs', { PORT: targetPort, EXECUTIONS: executions, BELLHOP_URL: address })
  let target = await startTarget()
  const targetAddress = target.address
  targetPort = new URL(targetAddress).port

  const startWorker = async () => await fleet.worker({
    LOG_LEVEL: 'warn',
    MAX_LOST: '100',
    LEASE_SECONDS: `${LEASE_SECONDS}`,
    WORKER_CONCURRENCY: '6',
    HTTP_HOST_CONCURRENCY: '6',
    ALLOWED_PRIVATE_NETWORKS,
    HANDLERS: file('handlers.mjs'),
    EXECUTIONS: executions
  })
  const env = { BELLHOP_URL: address, BELLHOP_LEASE_SECONDS: `${LEASE_SECONDS}`, BELLHOP_GRACE_SECONDS: '1', EXECUTIONS: executions }
  const startTypescript = () => new Program(scope, [process.execPath, '--import=tsx', file('remote.mjs')], { ...env, ...(broken && { BROKEN: broken }) })
  const startPython = () => new Program(scope, ['python3', file('remote.py'), resolve('examples/workers/worker.py')], env)

  const ours: Service[] = await Promise.all(Array.from({ length: workers }, startWorker))
  const remotes = { typescript: Array.from({ length: typescript }, startTypescript), python: Array.from({ length: python }, startPython) }
  const starts = { typescript: startTypescript, python: startPython }
  const any = (list: unknown[]) => random(list.length)
  const fallen: string[] = []
  const look = (kind: string, program: Program) => {
    if (program.exit !== undefined) fallen.push(`a ${kind} worker has ended by itself (${program.exit}): ${program.output}`)
  }

  async function end (kind: 'typescript' | 'python', signal: NodeJS.Signals): Promise<void> {
    const list = remotes[kind]
    const i = any(list)
    look(kind, list[i]!)
    list[i]!.signal(signal)
    await ended(list[i]!)
    list[i] = starts[kind]()
  }
  async function endOurs (signal: NodeJS.Signals): Promise<void> {
    const i = any(ours)
    ours[i]!.signal(signal)
    await ours[i]!.exited
    ours[i] = await startWorker()
  }
  async function freeze (process: Pick<Service, 'signal'>): Promise<void> {
    process.signal('SIGSTOP')
    await setTimeout(random(LEASE_SECONDS * 2000))
    process.signal('SIGCONT')
  }

  return {
    address,
    target: targetAddress,
    faults: {
      killWorker: () => endOurs('SIGKILL'),
      stopWorker: () => endOurs('SIGTERM'),
      freezeWorker: () => freeze(ours[any(ours)]!),
      killTypescript: () => end('typescript', 'SIGKILL'),
      stopTypescript: () => end('typescript', 'SIGTERM'),
      freezeTypescript: () => freeze(remotes.typescript[any(remotes.typescript)]!),
      killPython: () => end('python', 'SIGKILL'),
      stopPython: () => end('python', 'SIGTERM'),
      async killTarget () {
        target.signal('SIGKILL')
        await target.exited
        await setTimeout(random(1000))
        target = await startTarget()
      },
      async killApi () {
        api.signal('SIGKILL')
        await api.exited
        api = await startApi()
      },
      ...redisFaults(fleet, random)
    },
    fallen,
    async leave () {
      for (const [kind, programs] of Object.entries(remotes)) for (const program of programs) look(kind, program)
      const programs = [...remotes.typescript, ...remotes.python]
      for (const process of [...ours, ...programs]) process.signal('SIGTERM')
      await Promise.all([...ours.map(({ exited }) => exited), ...programs.map(ended)])
    }
  }
}

async function ended (program: Program): Promise<void> {
  while (program.exit === undefined) await setTimeout(10)
}
