import type { Readable } from 'node:stream'

/** So much of a body that is not wanted is read, for so long. */
const MAX_BYTES = 16 * 1024 * 1024
const MAX_MS = 5000

/** Reads a body to its end and keeps nothing: who still sends when the connection is closed does not get to see the answer. */
export function discard (body: Readable): Promise<void> {
  if (body.readableEnded || body.destroyed) return Promise.resolve()
  return new Promise(resolve => {
    let bytes = 0
    const timer = setTimeout(stop, MAX_MS)
    function take (chunk: Buffer) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) stop()
    }
    function stop () {
      clearTimeout(timer)
      body.off('data', take)
      resolve()
    }
    body.on('data', take)
    for (const event of ['end', 'error', 'close']) body.once(event, stop)
    body.resume()
  })
}
