/** The longest that a timer can be set for; one that is set for longer fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1

/** Resolves after so many milliseconds, 24 days at most, or at once when the signal is aborted. */
export async function wait (ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return
  await new Promise<void>(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(ms, MAX_TIMER_MS))
    signal?.addEventListener('abort', done)
  })
}
