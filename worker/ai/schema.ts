import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { DoNotRetryError } from '../errors.ts'

/** As JSON text. */
const MAX_BYTES = 16 * 1024

/**
 * Checks values against a schema that came with a job: says what is wrong, undefined when nothing is. Throws when it is not a schema.
 * Patterns are not run: one that takes for ever would stop the worker.
 */
export function checkerOf (schema: object): (value: unknown) => string | undefined {
  const refuse = (why: string): never => { throw new DoNotRetryError(`input/schema ${why}`) }
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_BYTES) refuse(`must have at most ${MAX_BYTES} bytes`)
  // One for each: what Ajv has compiled it never forgets.
  const ajv = new Ajv2020({ strict: false, logger: false, code: { regExp: Object.assign(() => ({ test: () => true }), { code: '' }) } })
  addFormats.default(ajv)
  try {
    const validate = ajv.compile(schema)
    if ('$async' in validate) refuse('must not have $async')
    return value => validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'answer' })
  } catch (error) {
    return refuse(`is not a JSON Schema: ${(error as Error).message}`)
  }
}
