import { isUtf8 } from 'node:buffer'
import serializerSelector from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance, FastifyRequest, preValidationAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { memberText, scanJson, type JsonScan } from '../src/json-text.ts'
import { Problem } from '../src/problems.ts'
import { splicing } from '../src/raw-json.ts'
import { validatorCompiler } from '../src/validator.ts'

/** A body may not nest deeper: JSON.parse has no limit of its own, JSON.stringify overflows the stack. */
export const MAX_JSON_DEPTH = 64

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the members of a JSON body stand in its text; null without such a body. */
    jsonScan: JsonScan | null
    /** The exact source text of the body's top-level member `name`; undefined if it has none. */
    jsonText (name: string): string | undefined
  }
  interface FastifyContextConfig {
    /** The body may be left out: it is then taken for `{}`. */
    optionalBody?: boolean
  }
}

/**
 * JSON in and out. Bodies are read strictly (UTF-8, at most 64 levels deep, no key that
 * could poison a prototype) and keep their text for `request.jsonText`; replies may hold
 * `rawJson` anywhere. JSON is the only type a body can have.
 */
export default fp(async function json (app: FastifyInstance) {
  const parse = app.getDefaultJsonParser('error', 'error')

  app.decorateRequest('jsonScan', null)
  app.decorateRequest('jsonText', function (this: FastifyRequest, name: string) {
    return this.jsonScan === null ? undefined : memberText(this.jsonScan, name)
  })

  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // Whether the body may be missing is for the route's schema to say.
    if (body.length === 0 || request.is404) return done(null, undefined)
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
      return done(new Problem('unsupported-media-type', 'The body must not be compressed: send it without Content-Encoding'))
    }
    if (!isUtf8(body)) return done(new Problem('malformed', 'The body is not valid UTF-8'))
    const scan = scanJson(withoutByteOrderMark(body.toString()), MAX_JSON_DEPTH)
    if (scan.tooDeepAt !== -1) {
      return done(new Problem('malformed',
        `The body nests deeper than ${MAX_JSON_DEPTH} levels, at character ${scan.tooDeepAt}`))
    }
    request.jsonScan = scan
    return parse(request, scan.text, (error, value) => {
      done(error && new Problem('malformed', whyNotJson(scan.text)), value)
    })
  })

  // Any other type is refused, but what is empty has no type that could be wrong.
  app.addContentTypeParser('*', (request, _stream, done) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
    const isEmpty = length === '0' && encoding === undefined
    if (isEmpty || request.is404) return done(null, undefined)
    done(new Problem('unsupported-media-type', 'The body must be JSON, sent with Content-Type: application/json'))
  })

  app.setValidatorCompiler(validatorCompiler(() => app.getSchemas() as never))

  const buildSerializer = serializerSelector()
  app.setSerializerCompiler(route => splicing(buildSerializer(app.getSchemas(), {})(route as never)))

  app.addHook('onRoute', route => {
    // Replies without a schema too must go through the serializer above.
    const { response } = (route.schema ?? {}) as { response?: object }
    route.schema = { ...route.schema, response: { default: {}, ...response } }

    if (route.config?.optionalBody) {
      const fill: preValidationAsyncHookHandler = async request => { if (request.body === undefined) request.body = {} }
      route.preValidation = [fill, ...[route.preValidation ?? []].flat()]
    }
  })
}, { name: 'json', fastify: '5.x' })

function withoutByteOrderMark (text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** Why the parser refused `text`. JavaScript's message is kept: it names the place, or shows it. */
function whyNotJson (text: string): string {
  try {
    JSON.parse(text)
    return 'The body has a key that is not allowed: __proto__, or constructor with prototype in it'
  } catch (error) {
    return `The body is not valid JSON: ${(error as Error).message}`
  }
}
