import type { paths } from '../clients/typescript/src/contract.ts'
import { createClient } from '../clients/typescript/src/client.ts'
import type { Client } from '../clients/typescript/src/client.ts'
import { newKey } from '../src/auth/keys.ts'
import { startTestRedis } from '../test/helper/redis.ts'
import { startProcess } from '../test/helper/service.ts'
import type { Owner } from './scope.ts'

export type Job = paths['/jobs/{id}']['get']['responses'][200]['content']['application/json']

/** An API with a Redis of its own. */
export interface Kit {
  url: string
  /** For the worker: it may take jobs, and nothing else. */
  key: string
  /** Of an administrator, for the kit itself. */
  client: Client
  /** The socket of its Redis. */
  redis: string
  /** One more API process at the same Redis. */
  startApi: (scope: Owner) => Promise<{ url: string, kill: () => Promise<void> }>
}

export async function startKit (scope: Owner): Promise<Kit> {
  const redis = await startTestRedis(scope)
  const worker = newKey({ id: 'worker', scopes: ['work'], queues: undefined })
  const admin = newKey({ id: 'kit', scopes: ['submit', 'read', 'work', 'admin'], queues: undefined })
  const env = { ...redis.env, API_KEYS: `${worker.entry},${admin.entry}`, PORT: '0', LOG_LEVEL: 'warn', SWEEP_INTERVAL_MS: '100', MAX_EVENT_LOOP_DELAY_MS: '0' }
  const startApi = async (scope: Owner) => {
    const { address, signal, exited } = await startProcess(scope, 'src/server.ts', env)
    return {
      url: address,
      async kill () {
        signal('SIGKILL')
        await exited
      }
    }
  }
  const { url } = await startApi(scope)
  return { url, key: worker.token, client: createClient({ url, apiKey: admin.token }), redis: redis.socket, startApi }
}
