import { InputSchemas, MAX_MS } from '../../src/input-schemas.ts'
import { withinTime } from '../../src/time-limit.ts'
import { DoNotRetryError } from '../errors.ts'

const NAME = 'answer'

/**
 * Checks values against a schema that came with a job, in bounded time: says what is wrong, undefined when nothing is. Throws when it is
 * not a schema.
 */
export function checkerOf (schema: object): (value: unknown) => string | undefined {
  const schemas = new InputSchemas({ [NAME]: schema })
  const [error] = schemas.errors
  if (error) throw new DoNotRetryError(`input/schema${error.path.split('/').slice(3).map(part => `/${part}`).join('')} ${error.message}`)
  return value => {
    const [error] = withinTime(MAX_MS, () => schemas.check(NAME, value, NAME))
    return error && `${error.path} ${error.message}`
  }
}
