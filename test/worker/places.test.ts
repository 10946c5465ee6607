import t from 'tap'
import { Places } from '../../worker/places.ts'

t.test('so many at a time, of each name; who gives a place back makes one free', t => {
  const places = new Places(2)
  const first = places.take('a')
  t.type(first, 'function')
  t.type(places.take('a'), 'function')
  t.type(places.take('a'), 'number')
  t.type(places.take('b'), 'function', 'the other has places of its own')
  ;(first as () => void)()
  t.type(places.take('a'), 'function')
  t.type(places.take('a'), 'number')
  t.end()
})

t.test('those that find none are given one time after another, within bounds', t => {
  const places = new Places(4)
  for (let n = 0; n < 4; n++) places.take('a', 0)
  const waits = Array.from({ length: 500 }, () => places.take('a', 0) as number)
  t.strictSame(waits.slice(0, 4), [250, 500, 750, 1000])
  t.equal(Math.max(...waits), 60_000)
  t.equal(places.take('a', 59_000), 1250, 'times that have passed are no more')
  t.end()
})
