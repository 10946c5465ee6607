import { Code, call, literal } from './code.ts'
import { child, children, fail, knowOnly, refName } from './document.ts'
import type { Node } from './document.ts'

/** What the code calls the component that a `$ref` means. */
export type Ref = (node: Node) => string

const ANNOTATIONS = ['description', 'default', 'examples']

/** What a schema of each type may say. A keyword that stands nowhere here stops the generator. */
const KEYWORDS: Record<string, string[]> = {
  string: ['enum', 'format', 'pattern', 'minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  integer: ['minimum', 'maximum'],
  boolean: [],
  array: ['items', 'minItems', 'maxItems', 'uniqueItems'],
  object: ['properties', 'required', 'additionalProperties', 'propertyNames', 'minProperties', 'maxProperties']
}

// Ajv takes a format that it does not know for one that everything has.
const FORMATS = ['date-time', 'uri', 'uri-reference', 'uuid']

const SCALARS: Record<string, string> = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' }

/** Writes the components as TypeBox schemas, each after those that it refers to. */
export function schemasFile (root: Node): string {
  const done = new Map<string, string>()
  const open: string[] = []

  const write = (name: string, at: string) => {
    if (done.has(name)) return
    if (open.includes(name)) fail(at, `${[...open, name].join(' → ')}: a schema that contains itself cannot be generated`)
    if (!/^[A-Z]\w*$/.test(name)) fail(at, 'the name of a schema must begin with a capital letter')
    open.push(name)
    const { text } = schemaCode(child(child(child(root, 'components'), 'schemas'), name), ref)
    open.pop()
    done.set(name, `export const ${name} = ${text}\nexport type ${name} = Static<typeof ${name}>\n`)
  }
  const ref: Ref = node => {
    const name = refName(root, 'schemas', node)
    write(name, node.at)
    return name
  }

  for (const [name, { at }] of children(child(root, 'components'), 'schemas')) write(name, at)
  return [
    '// Generated from openapi.yaml by npm run generate. Do not edit.\n',
    "import { Type } from '@sinclair/typebox'\nimport type { Static } from '@sinclair/typebox'\n",
    ...done.values()
  ].join('\n')
}

/** A schema as TypeBox code. */
export function schemaCode (schema: Node, ref: Ref): Code {
  const { value, at } = schema
  if (value?.$ref !== undefined) return refCode(schema, ref)
  if (value?.type === undefined) {
    knowOnly(schema, ANNOTATIONS)
    return call('Type.Unknown', value)
  }
  const types = [value.type].flat()
  for (const type of types) if (!Object.hasOwn(KEYWORDS, type) && type !== 'null') fail(`${at}/type`, `the generator does not know the type '${type}'`)
  knowOnly(schema, ['type', ...ANNOTATIONS, ...types.flatMap(type => KEYWORDS[type] ?? [])])
  if (value.format !== undefined && !FORMATS.includes(value.format)) fail(`${at}/format`, `the format must be one of ${FORMATS.join(', ')}`)

  if (value.enum === undefined && types.length === 2 && types[1] === 'null' && ['array', 'object'].includes(types[0])) return nullableCode(schema, types[0], ref)
  // As Unsafe these stay what they are in the contract, which validates and serialises faster than a union of literals.
  if (value.enum !== undefined || types.length > 1) return call(`Type.Unsafe<${typeOf(schema, ref)}>`, value)
  const { type, ...options } = value
  switch (type) {
    case 'array': return arrayCode(schema, ref)
    case 'object': return objectCode(schema, ref)
    case 'null': return call('Type.Null', options)
    default: return call(`Type.${type[0].toUpperCase()}${type.slice(1)}`, options)
  }
}

/** Beside a reference there may be annotations, which go before those of the component. */
function refCode (schema: Node, ref: Ref): Code {
  const { $ref, ...annotations } = schema.value
  knowOnly(schema, ['$ref', ...ANNOTATIONS])
  const name = ref(schema)
  if (Object.keys(annotations).length === 0) return new Code(name)
  return call(`Type.Unsafe<${name}>`, { '...': new Code(name), ...annotations })
}

/** All keywords of an object or a list are about those alone: with `null` as another type they stay as they are. */
function nullableCode (schema: Node, type: string, ref: Ref): Code {
  const inner = { value: { ...schema.value, type }, at: schema.at }
  return call(`Type.Unsafe<${typeOf(inner, ref)} | null>`, { '...': schemaCode(inner, ref), type: [type, 'null'] })
}

function arrayCode (schema: Node, ref: Ref): Code {
  const { type, items, ...options } = schema.value
  if (items === undefined) fail(schema.at, 'an array must say what its items are')
  return call('Type.Array', schemaCode(child(schema, 'items'), ref), options)
}

function objectCode (schema: Node, ref: Ref): Code {
  const { type, properties, required = [], additionalProperties, ...options } = schema.value
  if (typeof additionalProperties === 'object') return mapCode(schema, ref)
  if (properties === undefined) fail(schema.at, 'an object must have properties, or a schema as additionalProperties')
  if (options.propertyNames !== undefined) fail(`${schema.at}/propertyNames`, 'is only for objects without properties')
  for (const name of required) if (!Object.hasOwn(properties, name)) fail(`${schema.at}/required`, `there is no property '${name}'`)
  const members = children(schema, 'properties').map(([name, property]) => {
    const code = schemaCode(property, ref)
    return [name, required.includes(name) ? code : call('Type.Optional', code)]
  })
  return call('Type.Object', Object.fromEntries(members), { additionalProperties, ...options })
}

function mapCode (schema: Node, ref: Ref): Code {
  const { properties, required, propertyNames, ...options } = schema.value
  if (properties !== undefined || required !== undefined) fail(schema.at, 'an object has either properties or a schema as additionalProperties')
  return call(`Type.Unsafe<${typeOf(schema, ref)}>`, {
    ...options,
    propertyNames: propertyNames && schemaCode(child(schema, 'propertyNames'), ref),
    additionalProperties: schemaCode(child(schema, 'additionalProperties'), ref)
  })
}

/** The TypeScript type of a schema that TypeBox cannot infer it from. */
function typeOf (schema: Node, ref: Ref): string {
  const { value, at } = schema
  if (value.$ref !== undefined) return ref(schema)
  if (value.enum !== undefined) return value.enum.map(literal).join(' | ')
  return [value.type].flat().map(type => {
    if (type === 'array') return `(${typeOf(child(schema, 'items'), ref)})[]`
    if (type !== 'object') return SCALARS[type] ?? fail(at, 'must be simple, or a component')
    if (typeof value.additionalProperties === 'object') return `Record<string, ${typeOf(child(schema, 'additionalProperties'), ref)}>`
    const members = children(schema, 'properties').map(([name, property]) => `${name}${value.required?.includes(name) ? '' : '?'}: ${typeOf(property, ref)}`)
    return `{ ${members.join(', ')} }`
  }).join(' | ')
}
