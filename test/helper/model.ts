import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server says that speaks as OpenAI's does. */
export interface Said {
  /** Sent one after the other. */
  parts?: string[]
  refusal?: string
  finish_reason?: string | null
  usage?: boolean
  /** The parts but the first come then. */
  when?: Promise<unknown>
  /** Sent instead of the end: an error in the midst of the stream, or nothing, and the connection ends. */
  breaks?: object | true
}

/** What it answers instead. */
export interface Refused { status: number, headers?: Record<string, string>, error?: object }

export interface Asked { path: string, headers: Record<string, string>, body: any }

export interface ModelServer {
  url: string
  asked: Asked[]
  /** What comes next; then `{ parts: ['ok'] }`. `hang`: nothing. */
  plan: (Said | Refused | 'hang')[]
  /** Connections that the other side has given up before the answer's end. */
  dropped: () => number
}

/** A language model that says what the test wants, by the protocol of `POST /chat/completions` with `stream: true`. */
export async function startModel (t: { teardown: (fn: () => Promise<void>) => void }): Promise<ModelServer> {
  const asked: Asked[] = []
  const plan: ModelServer['plan'] = []
  let dropped = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    asked.push({ path: request.url!, headers: request.headers as Record<string, string>, body: JSON.parse(Buffer.concat(chunks).toString()) })
    response.on('close', () => { if (!response.writableEnded) dropped++ })
    const next = plan.shift() ?? { parts: ['ok'] }
    if (next === 'hang') return
    if ('status' in next) {
      response.writeHead(next.status, { 'content-type': 'application/json', ...next.headers }).end(JSON.stringify({ error: next.error ?? { message: `no (${next.status})` } }))
      return
    }
    const { parts = [], refusal, finish_reason = 'stop', usage = true, when, breaks } = next
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (fields: object) => response.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'test-model-1', choices: [], ...fields })}\n\n`)
    send({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] })
    for (const [n, content] of parts.entries()) {
      if (n > 0) await when
      send({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })
    }
    if (refusal !== undefined) send({ choices: [{ index: 0, delta: { refusal }, finish_reason: null }] })
    if (breaks) {
      if (breaks === true) response.end()
      else response.end(`data: ${JSON.stringify({ error: breaks })}\n\n`)
      return
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason }] })
    if (usage) send({ usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 } })
    response.end('data: [DONE]\n\n')
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise(resolve => { server.close(resolve) })
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, plan, dropped: () => dropped }
}
