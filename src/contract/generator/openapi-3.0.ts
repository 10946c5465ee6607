import { Converter } from '@apiture/openapi-down-convert'

type Mapping = Record<string, any>

/** Their values are data: what looks like a schema there is none. */
const DATA = new Set(['example', 'examples', 'default', 'enum'])
/** Which keywords are about values of one type. */
const KEYWORDS: Record<string, readonly string[]> = {
  string: ['pattern', 'format', 'minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'multipleOf']
}

/**
 * The contract as OpenAPI 3.0, for generators that do not read 3.1. All operations and schemas are in it. Left out is what 3.0 cannot say:
 * the webhooks (their bodies are there, as schemas), the scopes that operations need, and how long the keys of a mapping may be.
 */
export function toOpenApi30 (contract: object): Mapping {
  // A schema that refers to another and says more beside it has to wrap the reference there.
  const document = new Converter(contract, { allOfTransform: true }).convert() as Mapping
  delete document.info.summary
  walk(document, mapping => {
    if (mapping.operationId) mapping.security = mapping.security.map(withoutScopes)
    if (isTypes(mapping.type)) splitTypes(mapping)
  })
  nameParameters(document)
  return document
}

/** Scopes are OAuth's alone in 3.0; of a key they must not be named. */
function withoutScopes (requirement: Mapping): Mapping {
  return Object.fromEntries(Object.keys(requirement).map(name => [name, []]))
}

function isTypes (type: unknown): type is string[] {
  return Array.isArray(type)
}

/** Puts parameters of callbacks in the place of references to them: parsers of 3.0 take those for several parameters without a name. */
function nameParameters ({ components }: Mapping): void {
  for (const callback of Object.values<Mapping>(components.callbacks ?? {})) {
    for (const { post } of Object.values<Mapping>(callback)) {
      post.parameters = post.parameters.map(({ $ref }: Mapping) => components.parameters[$ref.split('/').at(-1)])
    }
  }
}

/** A schema of several types becomes a choice of schemas of one type. */
function splitTypes (schema: Mapping): void {
  schema.oneOf = schema.type.map((type: string) => {
    const keywords = KEYWORDS[type]
    if (!keywords) throw new Error(`The conversion to OpenAPI 3.0 does not know what is about the type '${type}' in: ${JSON.stringify(schema)}`)
    return { type, ...Object.fromEntries(keywords.filter(keyword => keyword in schema).map(keyword => [keyword, schema[keyword]])) }
  })
  for (const keyword of ['type', ...schema.type.flatMap((type: string) => KEYWORDS[type])]) delete schema[keyword]
}

/** Calls `visit` with each mapping of a document that is neither data nor itself made of names. */
function walk (node: unknown, visit: (mapping: Mapping) => void, isOfNames = false): void {
  if (typeof node !== 'object' || node === null) return
  if (!isOfNames && !Array.isArray(node)) visit(node)
  for (const [key, value] of Object.entries(node)) {
    if (isOfNames || !DATA.has(key)) walk(value, visit, !isOfNames && key === 'properties')
  }
}
