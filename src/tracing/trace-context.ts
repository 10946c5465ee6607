import type { IncomingHttpHeaders } from 'node:http'

/** A W3C trace context (https://www.w3.org/TR/trace-context/): the headers by which traces go from one service to the next. */
export interface TraceContext {
  traceparent: string
  tracestate?: string
}

/** Of any version; what a later one puts behind is passed over. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/
const TRACEPARENT_LENGTH = 55
/** What everybody who propagates it must take; of a longer one nothing is kept. */
const MAX_TRACESTATE = 512

/** That of a request; undefined when it has none, or one that is not valid, which is then to be passed over. */
export function traceContextOf ({ traceparent, tracestate }: IncomingHttpHeaders): TraceContext | undefined {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined
  const context: TraceContext = { traceparent: traceparent.slice(0, TRACEPARENT_LENGTH) }
  if (typeof tracestate === 'string' && tracestate !== '' && tracestate.length <= MAX_TRACESTATE && /^[\x20-\x7e]+$/.test(tracestate)) context.tracestate = tracestate
  return context
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
