import t from 'tap'
import { Slots } from '../../src/schedule/slots.ts'
import type { Timing } from '../../src/schedule/slots.ts'
import { isZone } from '../../src/schedule/zone.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** All slots from a moment on, before another. */
function slotsIn (timing: Timing, from: number, to: number): number[] {
  const slots = new Slots(timing)
  const found: number[] = []
  for (let slot = slots.after(from - 1); slot !== undefined && slot < to; slot = slots.after(slot)) found.push(slot)
  return found
}

const iso = (moments: number[]) => moments.map(moment => new Date(moment).toISOString().replace(':00.000Z', 'Z'))

// Days on which the clocks are changed, and two on which they are not. Both changes of Lord Howe are of half an hour; Santiago's are at midnight.
const changes: [zone: string, days: string[]][] = [
  ['Europe/Berlin', ['2026-03-29', '2026-10-25', '2026-06-01']],
  ['America/New_York', ['2026-03-08', '2026-11-01']],
  ['Australia/Lord_Howe', ['2026-04-05', '2026-10-04']],
  ['America/Santiago', ['2026-04-05', '2026-09-06']],
  ['Asia/Kolkata', ['2026-03-29']]
]

const patterns = ['30 2 * * *', '15 2 * * *', '0 3 * * *', '*/20 2 * * *', '* 1-3 * * *', '0 */2 * * *', '0,30 0 * * *', '10 23,0,1 * * *', '59 1 * * *', '0 0 * * *', '*/15 * * * *', '0 * * * *', '7 0-23 * * *', '30 2 * * SUN']

/** Another way to the same: every minute that the clocks show, one by one, against the rules of docs/schedules.md. */
function expected (cron: string, zone: string, from: number, to: number): number[] {
  const [minutes, hours, , , weekday] = cron.split(' ').map(field => (value: number) => matches(field, value))
  const hourly = /^(\*|0-23)$/.test(cron.split(' ')[1]!)
  const fits = (wall: Date) => minutes!(wall.getUTCMinutes()) && hours!(wall.getUTCHours()) && (weekday!(wall.getUTCDay()))
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const wallAt = (moment: number) => Date.parse(`${format.format(moment).replace(' ', 'T')}Z`)
  const fired = new Set<number>()
  let latest = wallAt(from - MINUTE_MS)
  for (let moment = from; moment < to; moment += MINUTE_MS) {
    const wall = wallAt(moment)
    if (hourly) {
      if (fits(new Date(wall))) fired.add(moment)
      continue
    }
    // All that the clocks show for the first time now, or have just skipped.
    for (let shown = latest + MINUTE_MS; shown <= wall; shown += MINUTE_MS) if (fits(new Date(shown))) fired.add(moment)
    latest = Math.max(latest, wall)
  }
  return [...fired]
}

function matches (field: string, value: number): boolean {
  if (field === 'SUN') return value === 0
  return field.split(',').some(part => {
    const [range, step = '1'] = part.split('/') as [string, string?]
    const [low, high = low] = range === '*' ? ['0', '59'] : range.split('-') as [string, string?]
    return value >= Number(low) && value <= Number(high) && (value - Number(low)) % Number(step) === 0
  })
}

for (const [zone, days] of changes) {
  t.test(`${zone}: what the clocks skip, and what they show twice`, async t => {
    for (const day of days) {
      const from = Date.parse(`${day}T00:00:00Z`) - DAY_MS
      for (const cron of patterns) {
        const want = expected(cron, zone, from, from + 3 * DAY_MS)
        t.ok(want.length > 0 || cron.includes('SUN'))
        t.strictSame(iso(slotsIn({ cron, timezone: zone }, from, from + 3 * DAY_MS)), iso(want), `${day} ${cron}`)
      }
    }
  })
}

t.test('in words', async t => {
  const on = (cron: string, timezone: string, day: string, hours = 24) => iso(slotsIn({ cron, timezone }, Date.parse(`${day}T00:00:00Z`) - 12 * 3_600_000, Date.parse(`${day}T00:00:00Z`) + hours * 3_600_000))
  t.strictSame(on('30 2 * * *', 'Europe/Berlin', '2026-03-29'), ['2026-03-29T01:00Z'], 'a time that is skipped is made up for at the moment it is skipped')
  t.strictSame(on('30 2 * * *', 'Europe/Berlin', '2026-10-25'), ['2026-10-25T00:30Z'], 'a time that comes twice counts the first time')
  t.strictSame(on('*/30 2 * * *', 'Europe/Berlin', '2026-03-29'), ['2026-03-29T01:00Z'], 'a whole hour that is skipped is made up for once')
  t.strictSame(on('0,30 2,3 * * *', 'Europe/Berlin', '2026-03-29'), ['2026-03-29T01:00Z', '2026-03-29T01:30Z'], 'together with the time that comes then')
  t.strictSame(on('0 0 * * *', 'America/Santiago', '2026-09-06'), ['2026-09-06T04:00Z'], 'midnight may be skipped')
  t.strictSame(on('15 2 * * *', 'Australia/Lord_Howe', '2026-10-04'), ['2026-10-03T15:30Z', '2026-10-04T15:15Z'], 'half an hour, too')
  t.strictSame(on('0 * * * *', 'Europe/Berlin', '2026-10-25', 3).slice(-4), ['2026-10-24T23:00Z', '2026-10-25T00:00Z', '2026-10-25T01:00Z', '2026-10-25T02:00Z'], 'every hour is every hour')
})

t.test('it goes on from wherever it is asked', async t => {
  const slots = new Slots({ cron: '*/7 2 * * *', timezone: 'Europe/Berlin' })
  const [from, to] = [Date.parse('2026-10-24T23:00:00Z'), Date.parse('2026-10-26T03:00:00Z')]
  const all = slotsIn({ cron: '*/7 2 * * *', timezone: 'Europe/Berlin' }, from, to)
  for (let moment = from; moment < to - DAY_MS; moment += 61_000) t.equal(slots.after(moment), all.find(slot => slot > moment), new Date(moment).toISOString())
})

t.test('seconds, starts and ends', async t => {
  const start_at = Date.parse('2026-01-01T00:00:07.500Z')
  t.strictSame(slotsIn({ cron: '*/10 * * * * *', start_at, end_at: Date.parse('2026-01-01T00:00:30Z') }, 0, Infinity), ['00:00:10', '00:00:20'].map(time => Date.parse(`2026-01-01T${time}Z`)), 'the end is not in it')
  t.strictSame(slotsIn({ every_seconds: 10, start_at, end_at: start_at + 30_000 }, 0, Infinity), [start_at, start_at + 10_000, start_at + 20_000], 'the start is')
  t.equal(new Slots({ every_seconds: 7 }).after(14_000), 21_000, 'from 1970 on')
  t.equal(new Slots({ every_seconds: 7 }).after(13_999), 14_000)
  t.equal(new Slots({ cron: '0 0 29 2 *' }).after(Date.parse('2026-01-01T00:00:00Z')), Date.parse('2028-02-29T00:00:00Z'))
  t.equal(new Slots({ cron: '0 0 30 2 *' }).after(0), undefined)
  t.equal(new Slots({ every_seconds: 31_536_000, start_at: Date.UTC(9999, 11, 31) }).after(Date.UTC(9999, 11, 31)), undefined, 'no year has five digits')
  t.strictSame(new Slots({ every_seconds: 1 }).several(999, 3), [1000, 2000, 3000])
})

t.test('what is no cron expression, and no time zone', async t => {
  for (const cron of ['61 * * * *', '* * * *', '* * * * * * *', 'a b c d e', '*/0 * * * *', '0 0 1 13 *']) t.throws(() => new Slots({ cron }), Error, cron)
  t.throws(() => new Slots({ cron: '0 2 * * *', timezone: 'Mars/Base' }), RangeError)
  t.strictSame(['Europe/Berlin', 'UTC', 'Nowhere/X', 'Europe'].map(isZone), [true, true, false, false])
})
