import t from 'tap'
import { mergePatch } from '../src/merge-patch.ts'

// Those of RFC 7396, appendix A, whose target and patch are objects; but of what becomes empty nothing is kept.
for (const [target, patch, expected] of [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, {}],
  [{ a: { b: 1 } }, { a: { b: null } }, {}],
  [{ a: 1 }, { a: {} }, {}]
] as const) {
  t.strictSame(mergePatch(target, patch), expected, JSON.stringify([target, patch]))
}

t.strictSame(mergePatch({ s: { a: { x: 1 }, b: 1 } }, { s: { a: { y: null }, c: {} } }, ['s']), { s: { a: { y: null }, b: 1, c: {} } }, 'members that are replaced as they are')
const target = { a: { b: 1 } }
mergePatch(target, { a: { b: 2 } })
t.strictSame(target, { a: { b: 1 } }, 'what is patched stays as it was')
