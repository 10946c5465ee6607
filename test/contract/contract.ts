import { readFileSync } from 'node:fs'

// The contract as the tests read it: by themselves, so that a fault of the generator cannot hide itself.

export const source = readFileSync('openapi.yaml', 'utf8')
/** Of the YAML's copy as JSON, which is read in a fiftieth of the time; generated.test.ts holds it against the YAML. */
export const contract = JSON.parse(readFileSync('src/contract/openapi.json', 'utf8'))

export interface ContractOperation {
  operationId: string
  method: string
  path: string
  /** With all references resolved. */
  value: any
}

/** `value` with every `$ref` replaced by what it means, under the annotations that stand beside it. */
export function dereference (value: any): any {
  if (Array.isArray(value)) return value.map(dereference)
  if (typeof value !== 'object' || value === null) return value
  if (typeof value.$ref === 'string') {
    const { $ref, ...beside } = value
    const target = $ref.slice(2).split('/').reduce((node: any, key: string) => node[key], contract)
    return { ...dereference(target), ...beside }
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, dereference(item)]))
}

export const operations: ContractOperation[] = Object.entries<any>(contract.paths).flatMap(([path, item]) =>
  Object.entries<any>(item).map(([method, operation]) =>
    ({ operationId: operation.operationId, method: method.toUpperCase(), path, value: dereference(operation) })))

/** The examples of a media type or a parameter, whichever way they are given. */
export function examplesOf ({ example, examples }: { example?: unknown, examples?: Record<string, { value: unknown }> }): unknown[] {
  return example === undefined ? Object.values(examples ?? {}).map(({ value }) => value) : [example]
}

/** A dereferenced schema and all those in it, each with where it stands. */
export function schemasIn (schema: any, at: string): [at: string, schema: any][] {
  const inner: [string, any][] = [
    ...Object.entries(schema.properties ?? {}).map(([name, property]) => [`${at}/${name}`, property] as [string, any]),
    ...(schema.items ? [[`${at}/items`, schema.items] as [string, any]] : []),
    ...(typeof schema.additionalProperties === 'object' ? [[`${at}/*`, schema.additionalProperties] as [string, any]] : []),
    ...(schema.propertyNames ? [[`${at}/keys`, schema.propertyNames] as [string, any]] : [])
  ]
  return [[at, schema], ...inner.flatMap(([innerAt, innerSchema]) => schemasIn(innerSchema, innerAt))]
}
