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

/** Calls `one` with the time on the clock that all processes of this machine share, again and again, each time after a pause. */
export async function pings (total: number, one: (at: string) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < total; i++) {
    await one(process.hrtime.bigint().toString())
    await new Promise(resolve => setTimeout(resolve, 3))
  }
}

/** The latencies of `pings`, in µs. */
export function stopwatch (): { note: (at: string) => void, take: () => number[] } {
  let noted: number[] = []
  return {
    note: at => { noted.push(Number(process.hrtime.bigint() - BigInt(at)) / 1000) },
    take: () => {
      const all = noted
      noted = []
      return all
    }
  }
}
