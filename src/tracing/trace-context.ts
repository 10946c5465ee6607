import type { IncomingHttpHeaders } from 'node:http'

/** A W3C trace context (https://www.w3.org/TR/trace-context/): the headers by which traces go from one service to the next. */
export interface TraceContext {
  traceparent: string
  tracestate?: string
}

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const SAMPLED = 1
/** What everybody who propagates it must take; of a longer one nothing is kept. */
const MAX_TRACESTATE = 512

/** That of a request; undefined when it has none, or one that is not valid, which is then to be passed over. */
export function traceContextOf ({ traceparent, tracestate }: IncomingHttpHeaders): TraceContext | undefined {
  const parent = typeof traceparent === 'string' ? ours(traceparent) : undefined
  if (parent === undefined) return undefined
  const context: TraceContext = { traceparent: parent }
  if (typeof tracestate === 'string' && tracestate !== '' && tracestate.length <= MAX_TRACESTATE && /^[\x20-\x7e]+$/.test(tracestate)) context.tracestate = tracestate
  return context
}

/** Of a later version than ours, 00, we know no more than what is in ours, and send that on. */
function ours (traceparent: string): string | undefined {
  const [, version, ids, flags, more] = TRACEPARENT.exec(traceparent) ?? []
  if (version === '00') return more === undefined ? traceparent : undefined
  return version && `00-${ids}-0${Number.parseInt(flags!, 16) & SAMPLED}`
}

/** The id of the trace, 32 hexadecimal digits. */
export function traceIdOf (traceparent: string): string {
  return traceparent.slice(3, 35)
}

/** What a job was submitted with; undefined when there was none. */
export function traceOf ({ traceparent, tracestate }: Partial<TraceContext>): TraceContext | undefined {
  if (traceparent === undefined) return undefined
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
}
