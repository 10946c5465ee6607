import { Webhook as Signer } from 'standardwebhooks'

/** The headers of something that is posted, signed as Standard Webhooks has it; without secrets there is no signature. @param id the same whenever it is posted again */
export function signedHeaders (id: string, body: string, secrets: readonly string[]): Record<string, string> {
  const now = new Date()
  const signatures = secrets.map(secret => new Signer(secret).sign(id, now, body))
  return {
    'content-type': 'application/json',
    'user-agent': 'Bellhop',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') })
  }
}
