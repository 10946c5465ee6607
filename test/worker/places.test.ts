import t from 'tap'
import { Places } from '../../worker/places.ts'

const taken = (place: ReturnType<Places['take']>) => typeof place === 'function'
const now = () => performance.now()

t.test('a third of the places, of each name; who gives one back makes one free', async t => {
  const places = Places.shared(6)
  const first = places.take('a')
  t.strictSame([taken(first), taken(places.take('a')), taken(places.take('a'))], [true, true, false])
  t.ok(taken(places.take('b')), 'the other has places of its own')
  ;(first as () => void)()
  t.ok(taken(places.take('a')))
  for (const [all, some] of [[1, 1], [2, 1], [3, 1], [10, 3]] as const) {
    const places = Places.shared(all)
    t.equal(Array.from({ length: 20 }, () => places.take('a')).filter(taken).length, some)
  }
})

t.test('two thirds while it is quick, and no more as soon as it is not', async t => {
  const places = Places.shared(9)
  const [one] = [places.take('a'), places.take('a')] as (() => void)[]
  one!()
  const more = Array.from({ length: 20 }, () => places.take('a')).filter(taken) as (() => void)[]
  t.equal(more.length, 5, 'and the one before')
  for (const leave of more.slice(0, 3)) leave()
  t.notOk(taken(places.take('a', now() + 1000)), 'one has been holding its place for a second')
  t.ok(taken(places.take('a')))

  const slow = Places.shared(9)
  const [first, second] = [slow.take('a', now() - 1000), slow.take('a')] as (() => void)[]
  first!()
  t.equal(Array.from({ length: 20 }, () => slow.take('a')).filter(taken).length, 2, 'one has taken a second')
  second!()
})

t.test('those that find none are given one time after another, by how long places are held', async t => {
  const places = Places.shared(12)
  for (let n = 0; n < 4; n++) places.take('a', n)
  const waits = (now: number, count: number) => Array.from({ length: count }, () => places.take('a', now) as number)
  t.strictSame(waits(4, 3), [2, 4, 6], 'nothing is known yet')
  t.strictSame(waits(4000, 3), [1000, 2000, 3000], 'they seem to take four seconds or more')
  t.equal(Math.max(...waits(4000, 500)), 60_000)
  t.equal(places.take('a', 60_000), 19_000, 'times that have passed are no more')
})

t.test('a bound that is the same for slow and quick', async t => {
  const places = new Places(2)
  const [leave] = [places.take('a', 0), places.take('a', 1)] as (() => void)[]
  t.notOk(taken(places.take('a', 2)))
  t.ok(taken(places.take('b', 2)))
  leave!()
  t.ok(taken(places.take('a', 3)))
  t.notOk(taken(places.take('a', 4)))
})
