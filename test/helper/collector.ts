import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as OTLP has it in JSON; its attributes as an object. */
export interface ReceivedSpan {
  service: string
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  status: { code?: number, message?: string }
  attributes: Record<string, unknown>
}

/** Somebody to whom traces are exported, by OTLP over HTTP in JSON; `hangs`: nothing is answered. */
export async function startCollector (t: { teardown: (fn: () => Promise<void>) => void }, { hangs = false } = {}): Promise<{ env: NodeJS.ProcessEnv, spans: ReceivedSpan[] }> {
  const spans: ReceivedSpan[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString())
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = read(resource.attributes)['service.name'] as string
      for (const { spans: some } of scopeSpans) spans.push(...some.map((span: any) => ({ ...span, service, attributes: read(span.attributes) })))
    }
    if (hangs) return
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise(resolve => { server.close(resolve) })
  })
  const { port } = server.address() as AddressInfo
  return { spans, env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '50' } }
}

function read (attributes: { key: string, value: Record<string, unknown> }[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value: { intValue, ...value } }) => [key, intValue === undefined ? Object.values(value)[0] : Number(intValue)]))
}
