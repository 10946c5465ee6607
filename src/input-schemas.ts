import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { linearRegExp } from './linear-regexp.ts'
import type { FieldError } from './problems.ts'
import { TooLongError, withinTime } from './time-limit.ts'
import { fieldErrors } from './validation-errors.ts'

/** As a JSON text; in bytes. */
const MAX_BYTES = 64 * 1024
const MAX_TASKS = 100
/** Of `format: url`, whose time grows with the square of it. */
const MAX_URL = 4096
/**
 * How long the schemas of a queue may take to compile, and the inputs of a request to be checked. Nothing in a schema may be
 * enough to stop the process, nor all of it: schemas that name others twice, and those twice again; items that must be unique.
 */
export const MAX_MS = 500

type Schemas = Record<string, object | boolean>

// What is misspelt is an error, what is merely unusual is not.
const options = { strict: false, strictSchema: true, allErrors: false, logger: false, code: { regExp: linearRegExp } } as const
const dialect = withFormats(new Ajv2020(options))

function withFormats (ajv: Ajv2020): Ajv2020 {
  addFormats.default(ajv)
  return ajv.addFormat('url', text => text.length <= MAX_URL && (fullFormats.url as RegExp).test(text))
}

/** What the inputs of a queue's tasks must be. A schema is compiled when it is first needed. */
export class InputSchemas {
  readonly #schemas: Schemas
  // One for them all, and no more than them: what Ajv has compiled it never forgets.
  readonly #ajv = withFormats(new Ajv2020({ ...options, validateSchema: false }))
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor (schemas: Schemas) {
    this.#schemas = schemas
  }

  /** What is wrong with an input, in the path that begins with `at`; nothing when the task has no schema. */
  check (task: string, input: unknown, at: string): FieldError[] {
    if (!Object.hasOwn(this.#schemas, task)) return []
    try {
      const validate = this.#compile(task)
      return validate(input) ? [] : errorsAt(at, validate.errors!)
    } catch (error) {
      // A schema that refers to itself without end, or is deeper than the stack.
      return [{ path: at, message: `cannot be checked against the schema of its task: ${(error as Error).message}` }]
    }
  }

  /** What is wrong with the schemas themselves. */
  get errors (): FieldError[] {
    const tasks = Object.keys(this.#schemas)
    if (tasks.length > MAX_TASKS) return [{ path: '/input_schemas', message: `must have at most ${MAX_TASKS} tasks` }]
    if (Buffer.byteLength(JSON.stringify(this.#schemas)) > MAX_BYTES) return [{ path: '/input_schemas', message: `must have at most ${MAX_BYTES} bytes` }]
    dialect.validateSchema({}) // so that it is itself compiled, which is for all queues and must not be stopped
    try {
      return withinTime(MAX_MS, () => tasks.flatMap(task => this.#errorsOf(task, `/input_schemas/${task.replaceAll('~', '~0').replaceAll('/', '~1')}`)).slice(0, 20))
    } catch (error) {
      if (!(error instanceof TooLongError)) throw error
      return [{ path: '/input_schemas', message: `take longer than ${MAX_MS} ms to compile` }]
    }
  }

  #errorsOf (task: string, at: string): FieldError[] {
    const schema = this.#schemas[task]!
    if (!['object', 'boolean'].includes(typeof schema) || Array.isArray(schema)) return [{ path: at, message: 'must be a JSON Schema: an object or a boolean' }]
    try {
      if (!dialect.validateSchema(schema)) return errorsAt(at, dialect.errors!)
      // Such a validator answers with a promise.
      if ('$async' in this.#compile(task)) return [{ path: `${at}/$async`, message: 'is not allowed' }]
      return []
    } catch (error) {
      return [{ path: at, message: `is not a schema that can be used: ${(error as Error).message}` }]
    }
  }

  #compile (task: string): ValidateFunction {
    let validate = this.#compiled.get(task)
    if (!validate) this.#compiled.set(task, validate = this.#ajv.compile(this.#schemas[task]!))
    return validate
  }
}

function errorsAt (at: string, errors: ErrorObject[]): FieldError[] {
  return fieldErrors(errors.map(error => ({ ...error, instancePath: at + error.instancePath })) as never, 'body')
}
