import { parse } from 'yaml'

/** A node of the contract and where it stands, as a JSON Pointer. */
export interface Node<T = any> {
  value: T
  at: string
}

/** The contract holds something that the generator does not know, or lacks something that it needs. */
export class ContractError extends Error {
  override readonly name = 'ContractError'

  constructor (at: string, message: string) {
    super(`openapi.yaml at ${at || '/'}: ${message}`)
  }
}

export function fail (at: string, message: string): never {
  throw new ContractError(at, message)
}

/** Reads the contract and checks what is around paths and components; those are checked where they are used. */
export function readContract (source: string): Node {
  const root = { value: parse(source), at: '' }
  knowOnly(root, ['openapi', 'info', 'servers', 'tags', 'paths', 'webhooks', 'components'])
  if (!/^3\.1\.\d+$/.test(root.value.openapi)) fail('/openapi', 'must be 3.1')
  if (root.value.components) knowOnly(child(root, 'components'), ['securitySchemes', 'callbacks', 'parameters', 'headers', 'responses', 'schemas'])
  return root
}

/** Fails on a key that is not one of `known`: what is not understood must not be passed over in silence. */
export function knowOnly ({ value, at }: Node, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(at, 'must be a mapping')
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) fail(`${at}/${escape(key)}`, `the generator does not know '${key}' here`)
  }
}

export function child (node: Node, key: string | number): Node {
  return { value: node.value[key], at: `${node.at}/${escape(String(key))}` }
}

/** The entries of the mapping, or the items of the list, under `key`; none if there is no such key. */
export function children (node: Node, key: string): [name: string, node: Node][] {
  const parent = child(node, key)
  return Object.keys(parent.value ?? {}).map(name => [name, child(parent, name)])
}

/** The node itself, or what it refers to in `/components/<kind>/`. */
export function resolve (root: Node, kind: string, node: Node): Node {
  if (node.value?.$ref === undefined) return node
  knowOnly(node, ['$ref'])
  return child(child(child(root, 'components'), kind), refName(root, kind, node))
}

/** The name of the component that a `$ref` means. */
export function refName (root: Node, kind: string, { value, at }: Node): string {
  const prefix = `#/components/${kind}/`
  const name = String(value.$ref).slice(prefix.length)
  if (!String(value.$ref).startsWith(prefix)) fail(`${at}/$ref`, `must refer to ${prefix}…`)
  if (root.value.components?.[kind]?.[name] === undefined) fail(`${at}/$ref`, `there is no ${value.$ref}`)
  return name
}

function escape (key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
