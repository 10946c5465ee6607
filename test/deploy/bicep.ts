// Reads Bicep with the grammar of tree-sitter. This is no compiler: it knows neither the resources' types nor which expressions may
// stand where, but what is no Bicep at all, a name that nothing declares and a parameter that nothing uses are found.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Language, Parser, type Node } from 'web-tree-sitter'

await Parser.init()
const parser = new Parser().setLanguage(await Language.load(readFileSync(createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm'))))

export interface Declaration {
  kind: 'parameter' | 'variable' | 'resource' | 'module' | 'output'
  name: string
  /** Of a parameter or output its type, of a resource `type@version`, of a module its path. */
  is?: string
  decorators: string[]
  /** What follows `=`; a parameter need not have any. */
  value?: unknown
  /** A resource that is not made, only named. */
  existing: boolean
}

/** An expression that only Azure can evaluate, as it is written. */
export class Expression {
  readonly text: string
  constructor (text: string) { this.text = text }
}

export interface Bicep {
  declarations: Declaration[]
  /** Where the text is no Bicep. */
  errors: string[]
  /** Names that are used and not declared. */
  unknown: string[]
  /** Parameters and variables that nothing uses. */
  unused: string[]
  /** Functions that are called. */
  functions: string[]
}

const ALWAYS_THERE = ['az', 'sys']

export const readBicep = (path: string): Bicep => parseBicep(readFileSync(path, 'utf8'))

export function parseBicep (text: string): Bicep {
  const { rootNode } = parser.parse(text)!
  const all = nodes(rootNode)
  const declarations = statements(rootNode)
  const uses = all.filter(isUse).map(({ text }) => text)
  const own = new Set([...declarations.filter(({ kind }) => kind !== 'output').map(({ name }) => name), ...all.filter(({ type }) => type === 'for_statement').map(node => node.childForFieldName('initializer')!.text)])
  return {
    declarations,
    errors: all.filter(({ isError, isMissing }) => isError || isMissing).map(({ startPosition, text }) => `${startPosition.row + 1}: ${text.slice(0, 60)}`),
    unknown: unique(uses.filter(name => !own.has(name) && !ALWAYS_THERE.includes(name))),
    unused: declarations.filter(({ kind, name }) => /parameter|variable/.test(kind) && !uses.includes(name)).map(({ name }) => name),
    functions: unique(all.filter(({ type }) => type === 'call_expression').map(node => node.childForFieldName('function')!).filter(({ type }) => type === 'identifier').map(({ text }) => text))
  }
}

/** The path of a module, from the folder that it is named in. */
export const besides = (path: string, module: string): string => join(dirname(path), module)

function statements (root: Node): Declaration[] {
  let decorators: string[] = []
  const found: Declaration[] = []
  for (const node of root.namedChildren as Node[]) {
    if (node.type === 'decorators') decorators = node.namedChildren.map(decorator => decorator!.text)
    const [, kind] = /^(parameter|variable|resource|module|output)_declaration$/.exec(node.type) ?? []
    if (kind) {
      const children = node.namedChildren.filter(child => child!.type !== 'comment') as Node[]
      const typed = kind !== 'variable'
      found.push({
        kind: kind as Declaration['kind'],
        name: children[0]!.text,
        ...(typed && { is: children[1]!.text.replaceAll("'", '') }),
        decorators,
        ...(children[typed ? 2 : 1] && { value: valueOf(children[typed ? 2 : 1]!) }),
        existing: node.children.some(child => child!.type === 'existing')
      })
    }
    if (node.type !== 'decorators' && node.type !== 'comment') decorators = []
  }
  return found
}

/** Objects, lists and literals as they are; a loop is a list with its body, once. */
function valueOf (node: Node): unknown {
  const inside = node.namedChildren.filter(child => child!.type !== 'comment') as Node[]
  switch (node.type) {
    case 'object': return Object.fromEntries(inside.map(property => [property.namedChildren[0]!.text.replace(/^'|'$/g, ''), valueOf(property.namedChildren[1]!)]))
    case 'array': return inside.map(valueOf)
    case 'for_statement': return [valueOf(node.childForFieldName('body')!)]
    case 'string': return inside.every(({ type }) => type === 'string_content') ? node.text.slice(1, -1) : new Expression(node.text)
    case 'number': return Number(node.text)
    case 'boolean': return node.text === 'true'
    default: return new Expression(node.text)
  }
}

/** Whether a node is a name that has to be declared. */
function isUse (node: Node): boolean {
  if (node.type !== 'identifier') return false
  const { parent } = node as { parent: Node }
  if (parent.type === 'object_property' || parent.type.endsWith('_declaration')) return parent.namedChildren[0]!.id !== node.id
  if (parent.type === 'call_expression') return parent.childForFieldName('function')!.id !== node.id
  return !(parent.type === 'for_statement' && parent.childForFieldName('initializer')!.id === node.id)
}

const nodes = (node: Node): Node[] => [node, ...node.children.flatMap(child => nodes(child!))]

const unique = (names: string[]): string[] => [...new Set(names)]
