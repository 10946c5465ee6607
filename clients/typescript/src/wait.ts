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

/**
 * Calls `work` with a signal that is aborted with `over`, or after so many milliseconds, if it has not come to its end before. (Node.js 20
 * forgets an AbortSignal.any of an AbortSignal.timeout when it collects garbage.)
 */
export async function within<T> (ms: number, over: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const either = new AbortController()
  const end = () => either.abort(over?.reason)
  const timer = setTimeout(() => either.abort(new DOMException(`not done within ${ms} ms`, 'TimeoutError')), ms)
  over?.addEventListener('abort', end)
  if (over?.aborted) end()
  try {
    return await work(either.signal)
  } finally {
    clearTimeout(timer)
    over?.removeEventListener('abort', end)
  }
}
