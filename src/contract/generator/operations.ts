import { call, literal } from './code.ts'
import type { Code } from './code.ts'
import { child, children, fail, knowOnly, refName, resolve } from './document.ts'
import type { Node } from './document.ts'
import { schemaCode } from './schemas.ts'
import { accessOf, scopesOf } from './security.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'patch']
const PARTS: Record<string, string> = { path: 'params', query: 'querystring', header: 'headers' }

const JSON_TYPE = 'application/json'
const PROBLEM_TYPE = 'application/problem+json'
const SUBMIT_ERROR = '#/components/schemas/SubmitError'

/** Writes one entry an operation, with what `app.route()` takes and the tag. */
export function operationsFile (root: Node): string {
  const operations: Record<string, object> = {}
  for (const [path, item] of children(root, 'paths')) {
    knowOnly(item, METHODS)
    for (const method of Object.keys(item.value)) {
      const operation = child(item, method)
      const { operationId } = operation.value ?? {}
      if (!/^[a-z][A-Za-z0-9]*$/.test(operationId ?? '')) fail(operation.at, 'needs an operationId in camelCase')
      if (Object.hasOwn(operations, operationId)) fail(`${operation.at}/operationId`, `there are two operations '${operationId}'`)
      operations[operationId] = operationEntry(root, path, method, operation)
      for (const [, callback] of children(operation, 'callbacks')) checkCallback(root, resolve(root, 'callbacks', callback))
    }
  }
  for (const [, item] of children(root, 'webhooks')) checkSent(root, item)
  return [
    '// Generated from openapi.yaml by npm run generate. Do not edit.\n',
    "import { Type } from '@sinclair/typebox'\nimport * as schemas from './schemas.ts'\n",
    `export const scopes = ${literal(scopesOf(root))} as const\n`,
    `export const operations = ${literal(operations)} as const\n`
  ].join('\n')
}

function checkCallback (root: Node, callback: Node): void {
  for (const url of Object.keys(callback.value)) checkSent(root, child(callback, url))
}

/** What we send, in a callback or a webhook: nothing is generated of it, but what would not be understood stops here, too. */
function checkSent (root: Node, item: Node): void {
  knowOnly(item, ['post'])
  const operation = child(item, 'post')
  knowOnly(operation, ['operationId', 'summary', 'description', 'tags', 'parameters', 'requestBody', 'responses'])
  tagOf(root, operation)
  parametersOf(root, '', operation)
  bodyOf(root, operation)
  responsesOf(root, operation)
}

function operationEntry (root: Node, path: string, method: string, operation: Node): object {
  knowOnly(operation, ['operationId', 'summary', 'description', 'tags', 'security', 'x-queues', 'parameters', 'requestBody', 'callbacks', 'responses'])
  const tag = tagOf(root, operation)
  const body = bodyOf(root, operation)
  const { response, errors } = responsesOf(root, operation)
  return {
    method: method.toUpperCase(),
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    tag,
    config: { access: accessOf(root, path, operation), optionalBody: body?.optional, errors },
    bodyLimit: body?.limit,
    schema: { ...parametersOf(root, path, operation), body: body?.schema, response }
  }
}

function tagOf (root: Node, operation: Node): string {
  const { tags } = operation.value
  if (tags?.length !== 1) fail(operation.at, 'needs exactly one tag')
  if (!root.value.tags?.some((tag: { name: string }) => tag.name === tags[0])) fail(`${operation.at}/tags/0`, `the tag '${tags[0]}' is not declared`)
  return tags[0]
}

function parametersOf (root: Node, path: string, operation: Node): Record<string, Code> {
  const parts: Record<string, Record<string, Code>> = {}
  for (const [, entry] of children(operation, 'parameters')) {
    const parameter = resolve(root, 'parameters', entry)
    knowOnly(parameter, ['name', 'in', 'required', 'description', 'schema', 'example', 'examples'])
    const { name, in: where, required = false, schema } = parameter.value
    const part = PARTS[where] ?? fail(`${parameter.at}/in`, `must be one of ${Object.keys(PARTS).join(', ')}`)
    if (schema === undefined) fail(parameter.at, 'a parameter needs a schema')
    if (where === 'path' && !path.includes(`{${name}}`)) fail(entry.at, `the path has no {${name}}`)
    if (where === 'path' && !required) fail(parameter.at, 'a path parameter must be required')
    const code = schemaOf(root, child(parameter, 'schema'))
    // The validator fills in a default before it looks for what is missing: the handler can count on it.
    const isThere = required || schema.default !== undefined
    const members = parts[part] ??= {}
    members[where === 'header' ? name.toLowerCase() : name] = isThere ? code : call('Type.Optional', code)
  }
  for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
    if (parts.params?.[name!] === undefined) fail(operation.at, `the path's {${name}} is not among the parameters`)
  }
  return Object.fromEntries(Object.entries(parts).map(([part, members]) =>
    [part, call('Type.Object', members, part === 'querystring' ? { additionalProperties: false } : {})]))
}

/** `x-max-bytes` is how large the body may be where that is not what all others have. */
function bodyOf (root: Node, operation: Node): { schema: Code, optional: true | undefined, limit: number | undefined } | undefined {
  if (operation.value.requestBody === undefined) return undefined
  const body = child(operation, 'requestBody')
  knowOnly(body, ['description', 'required', 'content', 'x-max-bytes'])
  const limit = body.value['x-max-bytes']
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) fail(`${body.at}/x-max-bytes`, 'must be a number of bytes')
  const content = child(body, 'content')
  knowOnly(content, [JSON_TYPE])
  return { schema: mediaSchema(root, child(content, JSON_TYPE)), optional: body.value.required === true ? undefined : true, limit }
}

/**
 * The answers that a handler gives, by status. Errors are not among them: they are thrown, and the error handler gives them
 * all the same form, `errors` of the contract's two.
 */
function responsesOf (root: Node, operation: Node): { response: Record<string, Code>, errors: 'submit' | undefined } {
  const response: Record<string, Code> = {}
  const forms = new Set<string>()
  for (const [status, entry] of children(operation, 'responses')) {
    if (!/^[2-5]\d\d$/.test(status)) fail(entry.at, 'the status must be a number from 200 to 599')
    const answer = resolve(root, 'responses', entry)
    knowOnly(answer, ['description', 'headers', 'content'])
    for (const [, header] of children(answer, 'headers')) checkHeader(root, header)
    if (answer.value.content === undefined) response[status] = call('Type.Null')
    for (const [type, media] of children(answer, 'content')) {
      const schema = mediaSchema(root, media)
      if (type === PROBLEM_TYPE) forms.add('problem')
      else if (media.value.schema.$ref === SUBMIT_ERROR) forms.add('submit')
      else if (response[status] !== undefined) fail(media.at, 'a status may have only one form beside the problem')
      else if (type !== JSON_TYPE && media.value.schema.type !== 'string') fail(`${media.at}/schema`, `what is not ${JSON_TYPE} must be a string`)
      else response[status] = schema
    }
  }
  if (Object.keys(response).length === 0) fail(`${operation.at}/responses`, 'there must be an answer that is not an error')
  if (forms.size > 1) fail(`${operation.at}/responses`, 'the errors of an operation must all have the same form')
  return { response, errors: forms.has('submit') ? 'submit' : undefined }
}

function mediaSchema (root: Node, media: Node): Code {
  knowOnly(media, ['schema', 'example', 'examples'])
  if (media.value.schema === undefined) fail(media.at, 'needs a schema')
  return schemaOf(root, child(media, 'schema'))
}

function checkHeader (root: Node, entry: Node): void {
  const header = resolve(root, 'headers', entry)
  knowOnly(header, ['description', 'required', 'schema', 'example'])
  schemaOf(root, child(header, 'schema'))
}

function schemaOf (root: Node, schema: Node): Code {
  return schemaCode(schema, node => `schemas.${refName(root, 'schemas', node)}`)
}
