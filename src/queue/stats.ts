/** A queue in numbers, at one moment. */
export interface QueueStats {
  name: string
  /** waiting for other jobs */
  blocked: number
  queued: number
  queued_by_priority: { high: number, normal: number, low: number }
  scheduled: number
  retrying: number
  active: number
  completed: number
  failed: number
  cancelled: number
  paused: boolean
  /** how long the oldest of the jobs at the heads of the ready lists has existed, ms; null when none waits */
  oldest_waiting_ms: number | null
  /** counted since the queue's first job */
  totals: { submitted: number, completed: number, failed: number, cancelled: number, retried: number, lost: number }
}

type Reply = [now: number, high: number, normal: number, low: number, scheduled: number, retrying: number, active: number,
  completed: number, dead: number, cancelled: number, oldest: number, totals: string[], paused: number, blocked: number]

/** Of the reply of lua/stats.lua. */
export function decodeStats (name: string, reply: unknown): QueueStats {
  const [now, high, normal, low, scheduled, retrying, active, completed, failed, cancelled, oldest, flat, paused, blocked] = reply as Reply
  const totals: Record<string, number> = {}
  for (let i = 0; i < flat.length; i += 2) totals[flat[i]!] = Number(flat[i + 1])
  return {
    name,
    blocked,
    queued: high + normal + low,
    queued_by_priority: { high, normal, low },
    scheduled,
    retrying,
    active,
    completed,
    failed,
    cancelled,
    paused: paused === 1,
    oldest_waiting_ms: oldest === 0 ? null : Math.max(0, now - oldest),
    totals: {
      submitted: totals.submitted ?? 0,
      completed: totals.completed ?? 0,
      failed: totals.failed ?? 0,
      cancelled: totals.cancelled ?? 0,
      retried: totals.retried ?? 0,
      lost: totals.lost ?? 0
    }
  }
}
