// What of a contract's change may break a client that was written for the old one. What is sent may only widen, what is answered
// may only narrow; an answer may have new fields and new values of an enum, which clients have to bear. What the service posts to
// others (callbacks, webhooks) is the same the other way round. Of keywords that are not known here any change counts.

type Schema = Record<string, any>
type Document = Record<string, any>
type Direction = 'request' | 'response'

/** Keywords that restrict, the more the higher they are, or the lower. */
const AT_LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']
const AT_MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'x-max-bytes']
/** Of no consequence to what is valid. */
const SAYS = ['description', 'title', 'summary', 'example', 'examples', 'deprecated', 'externalDocs', '$comment']
const COMPARED = [...AT_LEAST, ...AT_MOST, ...SAYS, 'type', 'enum', 'properties', 'required', 'items', 'additionalProperties']
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** One line for each change that may break a client: `GET /jobs: parameter limit: maximum was 1000, is 100`. */
export function breakingChanges (before: Document, after: Document): string[] {
  const found: string[] = []
  const schemes = ({ components }: Document) => Object.entries<Document>(components?.securitySchemes ?? {}).map(([name, { type, scheme, in: where, name: called }]) => [name, { type, scheme, where, called }] as const)
  for (const [name, was] of schemes(before)) {
    const is = new Map(schemes(after)).get(name)
    if (JSON.stringify(is) !== JSON.stringify(was)) found.push(`securitySchemes: ${name}: was ${JSON.stringify(was)}, is ${JSON.stringify(is) ?? 'gone'}`)
  }
  compareAll('', before.paths, after.paths)
  compareAll('webhook ', before.webhooks, after.webhooks, true)
  return found

  /** Operations by path, or by the name of what is posted (`outgoing`); `under` is said before each. */
  function compareAll (under: string, was: Document = {}, is: Document = {}, outgoing = false): void {
    for (const [path, reference] of Object.entries<Document>(was)) {
      const [methods, others] = [resolve(before, reference), resolve(after, is[path])]
      for (const method of METHODS.filter(method => methods[method])) {
        const operation = `${under}${method.toUpperCase()} ${path}`
        const now = others?.[method]
        if (!now) {
          found.push(`${operation}: is gone`)
          continue
        }
        const whole = (methods: Document, operation: Document, document: Document) => ({ ...operation, security: operation.security ?? document.security, parameters: [...methods.parameters ?? [], ...operation.parameters ?? []] })
        new Comparison(before, after, operation, found, outgoing).operation(whole(methods, methods[method], before), whole(others, now, after))
        for (const [name, callback] of Object.entries<Document>(methods[method].callbacks ?? {})) {
          const [called, calls] = [resolve(before, callback), resolve(after, now.callbacks?.[name])]
          compareAll(`${operation}: callback ${name} `, called, calls, true)
        }
      }
    }
  }
}

class Comparison {
  readonly #before: Document
  readonly #after: Document
  readonly #operation: string
  readonly #found: string[]
  /** What is sent is sent by the service, and answered by others. */
  readonly #outgoing: boolean
  /** Pairs of references that are being compared, as schemas may contain themselves. */
  readonly #open = new Set<string>()

  constructor (before: Document, after: Document, operation: string, found: string[], outgoing = false) {
    this.#before = before
    this.#after = after
    this.#operation = operation
    this.#found = found
    this.#outgoing = outgoing
  }

  /** Of what is sent with an operation. */
  get #sent (): Direction { return this.#outgoing ? 'response' : 'request' }
  get #answered (): Direction { return this.#outgoing ? 'request' : 'response' }

  operation (before: Document, after: Document): void {
    if (after.operationId !== before.operationId) this.#say('operationId', `was ${before.operationId}, is ${after.operationId}`)
    const scopes = ({ security }: Document) => JSON.stringify(security ?? null)
    if (scopes(before) !== scopes(after)) this.#say('security', `was ${scopes(before)}, is ${scopes(after)}`)
    if (before['x-queues'] !== after['x-queues']) this.#say('x-queues', `was ${before['x-queues'] ?? 'not there'}, is ${after['x-queues'] ?? 'not there'}`)
    this.#parameters(before.parameters, after.parameters)
    this.#body(resolve(this.#before, before.requestBody), resolve(this.#after, after.requestBody))
    for (const [status, response] of Object.entries<Document>(before.responses)) {
      const [was, is] = [resolve(this.#before, response), resolve(this.#after, after.responses[status])]
      if (!is) {
        // an error that does not happen any more breaks nobody; what others may answer is another thing
        if (this.#outgoing || !(Number(status) >= 400)) this.#say(status, 'is gone')
        continue
      }
      this.#content(status, this.#answered, was.content, is.content)
      for (const [name, reference] of Object.entries<Document>(was.headers ?? {})) {
        const [header, now] = [resolve(this.#before, reference), resolve(this.#after, is.headers?.[name])]
        if (!now) this.#say(`${status}: header ${name}`, 'is gone')
        else if (header.schema) this.schema(`${status}: header ${name}`, this.#answered, header.schema, now.schema ?? {})
      }
    }
    // who knows only the old one takes it for something unheard-of
    for (const status of Object.keys(after.responses)) if (!this.#outgoing && Number(status) < 400 && !before.responses[status]) this.#say(status, 'is new')
  }

  #parameters (before: Document[], after: Document[]): void {
    const all = (document: Document, parameters: Document[]) => new Map(parameters.map(parameter => resolve(document, parameter)).map(parameter => [`${parameter.in} ${parameter.name}`, parameter]))
    const [was, is] = [all(this.#before, before), all(this.#after, after)]
    for (const [key, parameter] of was) {
      const now = is.get(key)
      if (!now) this.#say(`parameter ${parameter.name}`, 'is gone')
      else {
        this.schema(`parameter ${parameter.name}`, this.#sent, parameter.schema ?? {}, now.schema ?? {})
        for (const keyword of ['style', 'explode', 'content']) if (JSON.stringify(parameter[keyword]) !== JSON.stringify(now[keyword])) this.#changed(`parameter ${parameter.name}`, keyword, parameter, now)
        if (this.#outgoing && parameter.required && !now.required) this.#say(`parameter ${parameter.name}`, 'may be missing now')
      }
    }
    if (this.#outgoing) return
    for (const [key, { name, required }] of is) if (required && !was.get(key)?.required) this.#say(`parameter ${name}`, 'is required now')
  }

  #body (before?: Document, after?: Document): void {
    if (before && !after) this.#say('request', 'is gone')
    if (!this.#outgoing && after?.required && !before?.required) this.#say('request', 'is required now')
    if (this.#outgoing && before?.required && after && !after.required) this.#say('request', 'may be missing now')
    if (before && after) {
      if (!this.#outgoing && (after['x-max-bytes'] ?? Infinity) < (before['x-max-bytes'] ?? Infinity)) this.#say('request', `x-max-bytes was ${before['x-max-bytes']}, is ${after['x-max-bytes']}`)
      this.#content('request', this.#sent, before.content, after.content)
    }
  }

  #content (where: string, direction: Direction, before: Document = {}, after: Document = {}): void {
    for (const [type, { schema }] of Object.entries(before)) {
      if (!after[type]) this.#say(where, `${type} is gone`)
      else if (schema) this.schema(where, direction, schema, after[type].schema ?? {})
    }
  }

  schema (where: string, direction: Direction, before: Schema, after: Schema): void {
    const pair = `${direction} ${before.$ref} ${after.$ref}`
    if (before.$ref && after.$ref) {
      if (this.#open.has(pair)) return
      this.#open.add(pair)
    }
    this.#resolved(where, direction, resolve(this.#before, before), resolve(this.#after, after))
    this.#open.delete(pair)
  }

  #resolved (where: string, direction: Direction, before: Schema, after: Schema): void {
    // What must stay possible: in a request, whatever the old contract allowed; in an answer, nothing beyond it.
    const [narrow, wide] = direction === 'request' ? [after, before] : [before, after]
    const types = ({ type }: Schema) => type === undefined ? undefined : [type].flat().flatMap(type => type === 'number' ? ['number', 'integer'] : [type])
    const outside = types(narrow) && (types(wide)?.filter(type => !types(narrow)!.includes(type)) ?? ['any'])
    if (outside?.length) this.#say(where, `type was ${before.type ?? 'any'}, is ${after.type ?? 'any'}`)
    for (const keyword of AT_LEAST) if ((narrow[keyword] ?? -Infinity) > (wide[keyword] ?? -Infinity)) this.#changed(where, keyword, before, after)
    for (const keyword of AT_MOST) if ((narrow[keyword] ?? Infinity) < (wide[keyword] ?? Infinity)) this.#changed(where, keyword, before, after)
    if (direction === 'request' && after.enum && !(before.enum ?? [undefined]).every((value: unknown) => after.enum.includes(value))) this.#changed(where, 'enum', before, after)
    for (const keyword of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!COMPARED.includes(keyword) && JSON.stringify(expanded(this.#before, { [keyword]: before[keyword] })) !== JSON.stringify(expanded(this.#after, { [keyword]: after[keyword] }))) this.#changed(where, keyword, before, after)
    }
    this.#fields(where, direction, before, after)
    if (before.items && after.items) this.schema(`${where}[]`, direction, before.items, after.items)
    // what may be in a list is only said now, or said no longer
    else if (narrow.items) this.#changed(where, 'items', before, after)
    const [extra, others] = [before.additionalProperties ?? true, after.additionalProperties ?? true]
    if (typeof extra === 'object' && typeof others === 'object') this.schema(`${where}.*`, direction, extra, others)
    else if (direction === 'request' ? others !== true && extra !== false && extra !== others : typeof extra === 'object' && others === true) this.#changed(where, 'additionalProperties', before, after)
  }

  #fields (where: string, direction: Direction, before: Schema, after: Schema): void {
    for (const [name, schema] of Object.entries<Schema>(before.properties ?? {})) {
      const now = after.properties?.[name]
      if (!now) this.#say(`${where}.${name}`, 'is gone')
      else this.schema(`${where}.${name}`, direction, schema, now)
    }
    const missing = (of: Schema, there: Schema) => (of.required ?? []).filter((name: string) => !there.required?.includes(name))
    if (direction === 'request') for (const name of missing(after, before)) this.#say(`${where}.${name}`, 'is required now')
    else for (const name of missing(before, after)) if (after.properties?.[name]) this.#say(`${where}.${name}`, 'may be missing now')
  }

  #changed (where: string, keyword: string, before: Schema, after: Schema): void {
    const shown = (value: unknown) => value === undefined ? 'not there' : JSON.stringify(value)
    this.#say(where, `${keyword} was ${shown(before[keyword])}, is ${shown(after[keyword])}`)
  }

  #say (where: string, what: string): void {
    const line = `${this.#operation}: ${where}: ${what}`
    if (!this.#found.includes(line)) this.#found.push(line)
  }
}

/** What a reference means, or the thing itself. */
function resolve (document: Document, thing: any): any {
  if (thing?.$ref === undefined) return thing
  const { $ref, ...beside } = thing
  const found = ($ref as string).slice(2).split('/').reduce((at: any, step) => at?.[step], document)
  if (found === undefined) throw new Error(`${$ref} leads nowhere`)
  return { ...resolve(document, found), ...beside }
}

/** Keywords whose fields are names, and those that hold no schemas. */
const NAMED = ['properties', 'patternProperties', 'dependentSchemas', '$defs']
const VALUES = ['default', 'const', 'enum']

/** A schema with what its references mean in their place, and without what only says something; one that contains itself stays a reference there. */
function expanded (document: Document, value: any, open: string[] = [], named = false): any {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => expanded(document, item, open))
  if (typeof value.$ref === 'string') return open.includes(value.$ref) ? value : expanded(document, resolve(document, value), [...open, value.$ref])
  const said = Object.entries(value).filter(([key]) => named || !SAYS.includes(key))
  return Object.fromEntries(said.map(([key, item]) => [key, !named && VALUES.includes(key) ? item : expanded(document, item, open, !named && NAMED.includes(key))]))
}
