export interface Answer { status: number, headers: Headers, body: any, ms: number }

/** One request to a running API, and how long its answer took. */
export async function request (address: string, path: string, body?: unknown): Promise<Answer> {
  const start = performance.now()
  const response = await fetch(address + path, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text), ms: performance.now() - start }
}
