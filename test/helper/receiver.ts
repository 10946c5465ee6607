import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as Verifier } from 'standardwebhooks'
import { validate } from './api.ts'
import { contract, dereference } from '../contract/contract.ts'
import { until } from './engine.ts'

/** A delivery as it arrived. */
export interface Received { path: string, headers: Record<string, string>, text: string, body: any }

export interface PlannedAnswer { status: number, headers?: Record<string, string>, body?: string | Buffer, /** it is answered then */ when?: Promise<unknown> }

export interface Receiver {
  url: (path?: string) => string
  received: Received[]
  /** What is answered next, in this order; then 204. `hang`: nothing. */
  plan: (PlannedAnswer | 'hang')[]
  /** The nth that has come, from 0. */
  nth: (n: number) => Promise<Received>
}

const SCHEMAS: Record<string, string> = { 'webhook.test': 'TestMessage', 'job.run': 'JobToRun' }

/** Somebody who is posted to. What arrives is held against the contract. */
export async function startReceiver (t: { teardown: (fn: () => Promise<void>) => void }): Promise<Receiver> {
  const received: Received[] = []
  const plan: Receiver['plan'] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const body = JSON.parse(text)
    validate(dereference(contract.components.schemas[SCHEMAS[body.type] ?? 'JobMessage']), body, 'a delivery')
    received.push({ path: request.url!, headers: request.headers as Record<string, string>, text, body })
    const answer = plan.shift() ?? { status: 204 }
    if (answer === 'hang') return
    await answer.when
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise(resolve => { server.close(resolve) })
  })
  const { port } = server.address() as AddressInfo
  return { url: (path = '/hook') => `http://127.0.0.1:${port}${path}`, received, plan, nth: n => until(() => received[n]) }
}

/** Throws when the signature is not one of this secret. */
export function verify ({ text, headers }: Received, secret: string): void {
  new Verifier(secret).verify(text, headers)
}
