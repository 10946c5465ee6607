import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'

export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string, namespace?: string, labels?: Record<string, string>, annotations?: Record<string, string> }
  [field: string]: any
}

interface Operation { op: string, path: string, value?: unknown }

interface Kustomization {
  resources?: string[]
  namespace?: string
  images?: { name: string, newName: string, newTag: string }[]
  patches?: { target: { kind: string, name: string }, patch: string }[]
}

const KNOWN = ['apiVersion', 'kind', 'resources', 'namespace', 'images', 'patches']
/** Kinds that are in no namespace. */
const OF_THE_CLUSTER = ['Namespace']

/** What `kustomize build` makes of a folder, as far as our own kustomizations go: what it does not know stops it. */
export function build (folder: string): Manifest[] {
  const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization
  const unknown = Object.keys(kustomization).filter(field => !KNOWN.includes(field))
  if (unknown.length > 0) throw new Error(`${folder}: ${unknown.join()} is not known here`)
  const manifests = (kustomization.resources ?? []).flatMap(resource => {
    const path = join(folder, resource)
    return statSync(path).isDirectory() ? build(path) : read(path)
  })
  for (const { target, patch } of kustomization.patches ?? []) {
    const chosen = manifests.filter(({ kind, metadata }) => kind === target.kind && metadata.name === target.name)
    if (chosen.length !== 1) throw new Error(`${folder}: ${chosen.length} manifests are the ${target.kind} ${target.name}`)
    for (const operation of parse(patch) as Operation[]) apply(chosen[0]!, operation)
  }
  for (const manifest of manifests) {
    if (kustomization.namespace && !OF_THE_CLUSTER.includes(manifest.kind)) manifest.metadata.namespace = kustomization.namespace
    for (const container of podOf(manifest)?.containers ?? []) {
      const image = kustomization.images?.find(({ name }) => name === container.image)
      if (image) container.image = `${image.newName}:${image.newTag}`
    }
  }
  return manifests
}

/** The `spec` of a manifest's pods, if it has any. */
export const podOf = (manifest: Manifest): any => manifest.spec?.template?.spec

function read (path: string): Manifest[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { merge: true }).map(document => {
    if (document.errors.length > 0) throw document.errors[0]
    // not one object in two places
    return JSON.parse(JSON.stringify(document.toJS()))
  })
}

/** One operation of JSON Patch (RFC 6902) on a field of an object. */
function apply (manifest: Manifest, { op, path, value }: Operation): void {
  const steps = path.slice(1).split('/').map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = steps.pop()!
  const parent = steps.reduce((at: any, step) => at?.[step], manifest)
  if (parent === undefined || Array.isArray(parent) || (op !== 'add' && parent[last] === undefined)) throw new Error(`${manifest.kind} ${manifest.metadata.name} has no ${path}`)
  if (op === 'remove') delete parent[last]
  else if (op === 'add' || op === 'replace') parent[last] = value
  else throw new Error(`${op} is not known here`)
}
