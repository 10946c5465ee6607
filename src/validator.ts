import ajvCompiler, { type ErrorObject, type Options } from '@fastify/ajv-compiler'
import type { FastifySchemaCompiler } from 'fastify'

/**
 * Two kinds of Ajv. What comes in a URL or a header is text, so it is coerced to the type
 * that the contract names; a body has types of its own and is never coerced. Neither drops
 * fields: an unknown one is an error.
 */
const common = { removeAdditional: false, strict: false, discriminator: true } as const
const body: Options = { ...common, useDefaults: false, coerceTypes: false, allErrors: false }
const bodyAllErrors: Options = { ...body, allErrors: true }
const other: Options = { ...common, useDefaults: true, coerceTypes: 'array', allErrors: true }

/** All the errors of a body are sought only if it has at most this many values, else the first: it bounds the work. */
const MAX_VALUES = 1000

type Schemas = Parameters<ReturnType<typeof ajvCompiler>>[0]
interface Validate {
  (data: unknown): boolean
  errors?: ErrorObject[] | null
}

/** For `setValidatorCompiler`. `getSchemas` gives the shared schemas that others refer to by `$id`. */
export function validatorCompiler (getSchemas: () => Schemas): FastifySchemaCompiler<unknown> {
  const build = ajvCompiler()
  const compile = (customOptions: Options, route: object) =>
    build(getSchemas(), { customOptions })(route as never) as unknown as Validate

  return route => {
    if (route.httpPart !== 'body') return compile(other, route)

    const first = compile(body, route)
    let all: Validate | undefined
    const validate: Validate = data => {
      if (first(data)) return true
      const exhaustive = countValues(data, MAX_VALUES) < MAX_VALUES
      if (exhaustive) (all ??= compile(bodyAllErrors, route))(data)
      validate.errors = exhaustive ? all!.errors : first.errors
      return false
    }
    return validate
  }
}

/** How many values there are in `data`, itself included; stops at `limit`. */
function countValues (data: unknown, limit: number): number {
  let count = 1
  if (typeof data === 'object' && data !== null) {
    for (const key in data) {
      if (count >= limit) break
      count += countValues((data as Record<string, unknown>)[key], limit - count)
    }
  }
  return count
}
