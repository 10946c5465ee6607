import { watchFile, unwatchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isLoopback } from '../src/addresses.ts'
import { badToken, noToken } from '../src/auth/client.ts'
import type { Client } from '../src/auth/client.ts'
import { jwtReader } from '../src/auth/jwt.ts'
import { KeyRing } from '../src/auth/keys.ts'
import type { Problem } from '../src/problems.ts'

/** So often it is looked whether the file of keys has changed. */
const LOOK_MS = 1000
const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i

declare module 'fastify' {
  interface FastifyRequest {
    /** Why there is no `client`, for whoever needs one. */
    refusal: Problem | null
  }
}

/** Who asks: `request.client`. It refuses nobody; that is for plugins/authorize.ts. */
export default fp(async function identify (app: FastifyInstance) {
  app.decorateRequest('client', null)
  app.decorateRequest('refusal', null)
  const { authenticates, apiKeysFile, host, jwt } = app.config
  if (!authenticates) {
    if (!isLoopback(host)) app.log.warn({ host }, 'There are no API keys: whoever reaches this address may do everything')
    return
  }

  let keys = await readKeys(app)
  if (apiKeysFile) {
    const reload = async () => {
      try {
        keys = await readKeys(app)
        app.log.info({ keys: keys.size }, 'The API keys have been read again')
      } catch (error) {
        app.log.error({ reason: (error as Error).message }, 'API_KEYS_FILE cannot be used: the keys stay as they were')
      }
    }
    watchFile(apiKeysFile, { interval: LOOK_MS, persistent: false }, reload)
    app.addHook('onClose', async () => unwatchFile(apiKeysFile, reload))
  }
  const readJwt = jwt && jwtReader(jwt)

  app.addHook('onRequest', (request, _reply, done) => {
    const token = tokenOf(request)
    if (token === undefined) {
      request.refusal = noToken()
    } else if (!token.startsWith('bh_') && readJwt) {
      readJwt(token).then(client => { request.client = client }, problem => { request.refusal = problem }).then(() => done(), done)
      return
    } else {
      const client: Client | undefined = keys.find(token)
      if (client) request.client = client
      else request.refusal = badToken()
    }
    done()
  })
}, { name: 'identify', fastify: '5.x', dependencies: ['errors'] })

function tokenOf ({ headers, routeOptions }: FastifyRequest): string | undefined {
  // Where no key is needed none is looked at.
  if (typeof routeOptions.config.access !== 'object') return undefined
  return BEARER.exec(headers.authorization ?? '')?.[1]
}

async function readKeys ({ config: { apiKeys, apiKeysFile } }: FastifyInstance): Promise<KeyRing> {
  if (!apiKeysFile) return new KeyRing(apiKeys)
  const lines = (await readFile(apiKeysFile, 'utf8')).split(/\r?\n/)
  // The file's first, so that its lines are numbered as an editor does.
  return new KeyRing([...lines, ...apiKeys], `${apiKeysFile}, line`)
}
