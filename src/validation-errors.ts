import type { FastifySchemaValidationError } from 'fastify'
import { Problem } from './problems.ts'
import type { FieldError } from './problems.ts'

type AjvError = FastifySchemaValidationError

/** No answer lists more errors than this, nor shows more characters of one path. */
const MAX_ERRORS = 20
const MAX_PATH = 256

const prefixes: Record<string, string> = { body: '', querystring: '/query', params: '/path', headers: '/header' }

/**
 * What is wrong with a request, from Ajv's errors: where, as a JSON Pointer into the body
 * (`/backoff/type`) or, for the rest, into `/query`, `/path` or `/header` (`/query/limit`);
 * and what would be right. At most 20.
 */
export function fieldErrors (errors: readonly AjvError[], part: string): FieldError[] {
  const unions = errors.filter(isUnion)
  const inUnion = (error: AjvError) => unions.some(union => isBranchOf(union, error))
  const described = new Map<string, FieldError>()
  for (const error of errors) {
    if (inUnion(error)) continue
    const path = (prefixes[part] ?? '') + pathOf(error)
    const field = {
      path: path.slice(0, MAX_PATH),
      message: isUnion(error) ? unionMessage(errors.filter(e => isBranchOf(error, e))) : messageOf(error)
    }
    described.set(`${path} ${field.message}`, field)
    if (described.size === MAX_ERRORS) break
  }
  return [...described.values()]
}

/** The same in one sentence: `max_attempts must be <= 100; task is required`. */
export function summary (errors: readonly FieldError[]): string {
  return errors.map(({ path, message }) => `${nameOf(path)} ${message}`).join('; ')
}

/** The answer to a request in which these fields are wrong. */
export function invalidFields (errors: FieldError[]): Problem {
  return new Problem('validation', summary(errors), { errors })
}

/** The same for one of them; `path` is a JSON Pointer, as in `fieldErrors`. */
export function invalid (path: string, message: string): Problem {
  return invalidFields([{ path, message }])
}

/** Throws it, if there are any. */
export function refuse (errors: FieldError[]): void {
  if (errors.length > 0) throw invalidFields(errors)
}

function nameOf (path: string): string {
  if (path === '') return 'the body'
  return path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
}

function pathOf ({ instancePath, keyword, params }: AjvError): string {
  switch (keyword) {
    case 'required': return instancePath + pointer(params.missingProperty)
    case 'additionalProperties': return instancePath + pointer(params.additionalProperty)
    case 'unevaluatedProperties': return instancePath + pointer(params.unevaluatedProperty)
    case 'discriminator': return instancePath + pointer(params.tag)
    default: return instancePath
  }
}

function pointer (key: unknown): string {
  return '/' + String(key).replaceAll('~', '~0').replaceAll('/', '~1')
}

function messageOf ({ keyword, params, message = 'is not valid' }: AjvError): string {
  switch (keyword) {
    case 'required': return 'is required'
    case 'additionalProperties':
    case 'unevaluatedProperties': return 'is not a known field'
    case 'discriminator': return 'must be one of the values that the contract names'
    case 'enum': return oneOf(params.allowedValues as unknown[])
    case 'const': return oneOf([params.allowedValue])
    case 'type': return `must be ${[params.type].flat().map(type => named(String(type))).join(' or ')}`
    case 'minLength': return `must have at least ${count(params.limit, 'character')}`
    case 'maxLength': return `must have at most ${count(params.limit, 'character')}`
    case 'minItems': return `must have at least ${count(params.limit, 'item')}`
    case 'maxItems': return `must have at most ${count(params.limit, 'item')}`
    case 'minProperties': return `must have at least ${count(params.limit, 'field')}`
    case 'maxProperties': return `must have at most ${count(params.limit, 'field')}`
    case 'format': return formats[String(params.format)] ?? message
    case 'false schema': return 'is not allowed'
    default: return message
  }
}

const formats: Record<string, string> = {
  'date-time': 'must be a date and time with its zone, such as 2030-01-31T08:00:00Z',
  uuid: 'must be a UUID'
}

function oneOf (values: unknown[]): string {
  const shown = values.map(value => typeof value === 'string' ? value : JSON.stringify(value)).join(', ')
  return values.length === 1 ? `must be ${shown}` : `must be one of ${shown}`
}

function named (type: string): string {
  if (type === 'null') return 'null'
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

function count (limit: unknown, noun: string): string {
  return `${limit} ${noun}${limit === 1 ? '' : 's'}`
}

function isUnion ({ keyword }: AjvError): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf'
}

function isBranchOf (union: AjvError, error: AjvError): boolean {
  return error.schemaPath.startsWith(`${union.schemaPath}/`) && error.instancePath.startsWith(union.instancePath)
}

/** An enum may be a union of constants: then its values are listed as those of `enum` are. */
function unionMessage (branches: readonly AjvError[]): string {
  if (branches.length === 0) return 'must fit exactly one of the forms that the contract names'
  if (branches.every(({ keyword }) => keyword === 'const')) return oneOf(branches.map(({ params }) => params.allowedValue))
  const messages = branches.filter(error => !isUnion(error)).map(error => messageOf(error))
  return [...new Set(messages)].join(' or ')
}
