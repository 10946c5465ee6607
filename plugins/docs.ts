import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export interface DocsOptions {
  /** Path of the contract; default: `openapi.yaml` beside the package's `package.json`. */
  yaml?: string
  /** Path of the same as JSON; default: the one that is generated, as reading YAML would be a quarter of the time to start. */
  json?: string
}

const GENERATED = fileURLToPath(new URL('../src/contract/openapi.json', import.meta.url))

/** The page has all it needs on this server and may talk to nothing else. */
const contentSecurityPolicy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'"
}

/** The contract, as it was written at `/openapi.yaml`, as JSON at `/openapi.json`, to read and try at `/docs`. */
export default fp<DocsOptions>(async function docs (app: FastifyInstance, { yaml = join(packageRoot(), 'openapi.yaml'), json = GENERATED }) {
  const [source, text] = await Promise.all([readFile(yaml), readFile(json)])
  const document = JSON.parse(text.toString())

  serve('/openapi.yaml', 'application/yaml', source)
  serve('/openapi.json', 'application/json', text)

  await app.register(swagger, { mode: 'static', specification: { document } })
  await app.register(async page => {
    page.addHook('onRoute', route => { route.config = { ...route.config, access: 'open' } })
    await page.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: contentSecurityPolicy,
      theme: { title: document.info.title },
      uiConfig: {
        layout: 'BaseLayout', // without the bar that asks for another document's address
        docExpansion: 'list',
        displayRequestDuration: true
      }
    })
  })

  function serve (url: string, type: string, body: Buffer) {
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
    app.get(url, { schema: { hide: true }, config: { access: 'open' } }, (request, reply) => {
      reply.header('etag', etag).header('cache-control', 'no-cache')
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.type(type).send(body)
    })
  }
}, { name: 'docs', fastify: '5.x' })

/** Found from here, in the source tree as well as in `dist`. */
function packageRoot (): string {
  let dir = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir)
  return dir
}
