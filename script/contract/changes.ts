// What of a contract's change may break a client that was written for the old one. What is sent may only widen, what is answered
// may only narrow; an answer may have new fields and new values of an enum, which clients have to bear. Of keywords that are not
// known here any change counts.

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
  for (const [path, methods] of Object.entries<Document>(before.paths)) {
    for (const method of METHODS.filter(method => methods[method])) {
      const operation = `${method.toUpperCase()} ${path}`
      const now = after.paths[path]?.[method]
      if (!now) found.push(`${operation}: is gone`)
      else new Comparison(before, after, operation, found).operation({ ...methods[method], parameters: [...methods.parameters ?? [], ...methods[method].parameters ?? []] }, { ...now, parameters: [...after.paths[path].parameters ?? [], ...now.parameters ?? []] })
    }
  }
  return found
}

class Comparison {
  readonly #before: Document
  readonly #after: Document
  readonly #operation: string
  readonly #found: string[]
  /** Pairs of references that are being compared, as schemas may contain themselves. */
  readonly #open = new Set<string>()

  constructor (before: Document, after: Document, operation: string, found: string[]) {
    this.#before = before
    this.#after = after
    this.#operation = operation
    this.#found = found
  }

  operation (before: Document, after: Document): void {
    if (after.operationId !== before.operationId) this.#say('operationId', `was ${before.operationId}, is ${after.operationId}`)
    const scopes = ({ security }: Document) => JSON.stringify(security ?? null)
    if (scopes(before) !== scopes(after)) this.#say('security', `was ${scopes(before)}, is ${scopes(after)}`)
    this.#parameters(before.parameters, after.parameters)
    this.#body(resolve(this.#before, before.requestBody), resolve(this.#after, after.requestBody))
    for (const [status, response] of Object.entries<Document>(before.responses)) {
      const [was, is] = [resolve(this.#before, response), resolve(this.#after, after.responses[status])]
      if (!is) {
        // an error that does not happen any more breaks nobody
        if (Number(status) < 400) this.#say(status, 'is gone')
        continue
      }
      this.#content(status, 'response', was.content, is.content)
      for (const header of Object.keys(was.headers ?? {})) if (!is.headers?.[header]) this.#say(`${status}: header ${header}`, 'is gone')
    }
  }

  #parameters (before: Document[], after: Document[]): void {
    const all = (document: Document, parameters: Document[]) => new Map(parameters.map(parameter => resolve(document, parameter)).map(parameter => [`${parameter.in} ${parameter.name}`, parameter]))
    const [was, is] = [all(this.#before, before), all(this.#after, after)]
    for (const [key, parameter] of was) {
      const now = is.get(key)
      if (!now) this.#say(`parameter ${parameter.name}`, 'is gone')
      else this.schema(`parameter ${parameter.name}`, 'request', parameter.schema, now.schema)
    }
    for (const [key, { name, required }] of is) if (required && !was.get(key)?.required) this.#say(`parameter ${name}`, 'is required now')
  }

  #body (before?: Document, after?: Document): void {
    if (before && !after) this.#say('request', 'is gone')
    if (after?.required && !before?.required) this.#say('request', 'is required now')
    if (before && after) {
      if ((after['x-max-bytes'] ?? Infinity) < (before['x-max-bytes'] ?? Infinity)) this.#say('request', `x-max-bytes was ${before['x-max-bytes']}, is ${after['x-max-bytes']}`)
      this.#content('request', 'request', before.content, after.content)
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
      if (!COMPARED.includes(keyword) && JSON.stringify(before[keyword]) !== JSON.stringify(after[keyword])) this.#changed(where, keyword, before, after)
    }
    this.#fields(where, direction, before, after)
    if (before.items && after.items) this.schema(`${where}[]`, direction, before.items, after.items)
    const [extra, others] = [before.additionalProperties ?? true, after.additionalProperties ?? true]
    if (typeof extra === 'object' && typeof others === 'object') this.schema(`${where}.*`, direction, extra, others)
    else if (direction === 'request' ? others !== true && extra !== false && extra !== others : false) this.#changed(where, 'additionalProperties', before, after)
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
