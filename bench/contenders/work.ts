import type { Duplex } from 'node:stream'

// What all contenders do alike.

/** 100 bytes as JSON, which every contender makes of it anew for every job, as its users do. */
export const PAYLOAD = 'x'.repeat(Number(process.env.PAYLOAD_BYTES ?? 100) - 2)

/** Does `one` `total` times, `width` of them under way at any time. */
export async function inFlight (total: number, width: number, one: () => Promise<unknown>): Promise<void> {
  let begun = 0
  await Promise.all(Array.from({ length: width }, async () => {
    while (begun < total) {
      begun++
      await one()
    }
  }))
}

/**
 * Calls `one` with the time on the clock that all processes of this machine share, again and again, each time after a pause.
 * @param sentAt when the socket was last written to, on that clock
 * @returns how long it took from each call to that, in µs
 */
export async function pings (total: number, one: (at: string) => Promise<unknown>, sentAt = now): Promise<number[]> {
  const sending: number[] = []
  for (let i = 0; i < total; i++) {
    const at = now()
    await one(at.toString())
    sending.push(Number(sentAt() - at) / 1000)
    await new Promise(resolve => setTimeout(resolve, 3))
  }
  return sending
}

/** Of one ping, in µs: from the call to the start of the handler, and what of it came after the message had reached the process. */
export interface Latency { total: number, start: number }

/** The latencies of `pings`. */
export function stopwatch (receivedAt = now): { note: (at: string) => void, take: () => Latency[] } {
  let noted: Latency[] = []
  return {
    note (at) {
      const time = now()
      noted.push({ total: Number(time - BigInt(at)) / 1000, start: Number(time - receivedAt()) / 1000 })
    },
    take () {
      const all = noted
      noted = []
      return all
    }
  }
}

/** When something was last read from a connection to Redis, and when the last write to it was done. */
export function watchSocket ({ stream }: { stream: Duplex }): { receivedAt: () => bigint, sentAt: () => bigint } {
  let [received, sent] = [0n, 0n]
  stream.prependListener('data', () => { received = now() })
  const write = stream.write as (...args: unknown[]) => boolean
  stream.write = (...args: unknown[]) => {
    const flowing = write.apply(stream, args)
    sent = now()
    return flowing
  }
  return { receivedAt: () => received, sentAt: () => sent }
}

function now (): bigint {
  return process.hrtime.bigint()
}
