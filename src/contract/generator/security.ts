import { child, children, fail, knowOnly } from './document.ts'
import type { Node } from './document.ts'

const SCHEME = 'apiKey'

/** Who may call an operation: everybody, or who has a scope. */
export type Access = 'open' | {
  scope: string
  /** How a key is held to the queues that it is bound to; without it such a key is refused. */
  queues: 'path' | 'job' | 'own' | undefined
  /** Whether a key is needed is for the settings to say. */
  optional: true | undefined
}

/** The scopes that a key can have: `x-scopes` of the one security scheme. */
export function scopesOf (root: Node): string[] {
  const schemes = children(child(root, 'components'), 'securitySchemes')
  for (const [name, scheme] of schemes) {
    if (name !== SCHEME) fail(scheme.at, `the generator knows only '${SCHEME}'`)
    knowOnly(scheme, ['type', 'scheme', 'bearerFormat', 'description', 'x-scopes'])
    if (scheme.value.type !== 'http' || scheme.value.scheme !== 'bearer') fail(scheme.at, 'must be http bearer')
  }
  return schemes.flatMap(([, scheme]) => Object.keys(scheme.value['x-scopes'] ?? {}))
}

/** What `security` of an operation says; it must be there, so that none is open by oversight. */
export function accessOf (root: Node, path: string, operation: Node): Access {
  const { security } = operation.value
  const at = `${operation.at}/security`
  if (!Array.isArray(security)) fail(at, 'an operation must say who may call it; [] is everybody')
  if (security.length === 0) return 'open'
  const needed = security.filter(one => Object.keys(one).length > 0)
  if (needed.length !== 1) fail(at, `must name ${SCHEME} once, and may have {} beside it`)
  if (Object.keys(needed[0]).join() !== SCHEME || needed[0][SCHEME]?.length !== 1) fail(at, `must name one scope of ${SCHEME}`)
  const [scope] = needed[0][SCHEME]
  if (!scopesOf(root).includes(scope)) fail(at, `there is no scope '${scope}'`)
  return { scope, queues: queuesOf(path, operation), optional: security.length > 1 ? true : undefined }
}

/** `x-queues: own` promises that the handler shows and does only what is in the queues of the key; the rest follows from the path. */
function queuesOf (path: string, operation: Node): 'path' | 'job' | 'own' | undefined {
  const own = operation.value['x-queues']
  const byPath = path.includes('{queue}') ? 'path' : path.startsWith('/jobs/{id}') ? 'job' : undefined
  if (own !== undefined && (own !== 'own' || byPath)) fail(`${operation.at}/x-queues`, 'must be own, and only where the path names no queue and no job')
  return own ?? byPath
}
