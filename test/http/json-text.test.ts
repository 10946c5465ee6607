import fc from 'fast-check'
import { test } from 'tap'
import { itemTexts, memberText, scanJson } from '../../src/json-text.ts'

const text = (source: string, name = 'input') => memberText(scanJson(source, 64), name)

test('finds the exact source of a member', async t => {
  t.equal(text('{"input":1.0}'), '1.0')
  t.equal(text('{ "task" : "a" ,\n "input" :\t[ 1e-400, { } ] \r\n}'), '[ 1e-400, { } ]')
  t.equal(text('{"input":"a,}]:\\"","b":2}'), '"a,}]:\\""')
  t.equal(text('{"input":"\\\\"}'), '"\\\\"')
  t.equal(text('{"a":{"input":1},"input":2}'), '2')
  t.equal(text('{"a":"input","input":3}'), '3')
  t.equal(text('{"":5}', ''), '5')
})

test('is undefined without the member', async t => {
  for (const source of ['{}', '{"a":{"input":1}}', '[{"input":1}]', '["input",1]', '"input"', 'null', '1', '']) {
    t.equal(text(source), undefined, source)
  }
})

test('the last of duplicates counts, however its key is written', async t => {
  t.equal(text('{"input":1,"input":2}'), '2')
  t.equal(text('{"input":1,"inp\\u0075t":2}'), '2')
  t.equal(text('{"\\u0069nput":1,"input":2}'), '2')
  t.equal(text('{"a\\"b":1}', 'a"b'), '1')
})

test('tells where the nesting gets too deep, brackets in strings apart', async t => {
  t.equal(scanJson('[[]]', 2).tooDeepAt, -1)
  t.equal(scanJson('[[[]]]', 2).tooDeepAt, 2)
  t.equal(scanJson('[{"a":{}}]', 2).tooDeepAt, 6)
  t.equal(scanJson('["[[[[{{{{\\"[["]', 1).tooDeepAt, -1)
  t.equal(scanJson('[][][]', 1).tooDeepAt, -1)
})

/** Any JSON text: values with whitespace between the tokens and with characters written as escapes. */
function jsonText (key: fc.Arbitrary<string>) {
  const space = fc.constantFrom('', '', ' ', '\n', '\t ', '\r\n')
  const escaped = (s: string) => JSON.stringify(s).replace(/[a-z]/g, c => c === 'n' || c === 'u' ? `\\u00${c.charCodeAt(0).toString(16)}` : c)
  const string = fc.tuple(fc.string({ unit: 'binary' }), fc.boolean()).map(([s, escape]) => {
    const plain = JSON.stringify(s)
    return escape && !plain.includes('\\') ? escaped(s) : plain
  })
  const { value } = fc.letrec<{ value: string }>(tie => ({
    value: fc.oneof({ depthSize: 'small' },
      fc.constantFrom('1.0', '1e-400', '-0', '9007199254740993', 'true', 'null', '""', '[]', '{}', '"}"', '"\\""'),
      string,
      fc.array(fc.tuple(space, tie('value'), space).map(parts => parts.join(''))).map(items => `[${items.join(',')}]`),
      fc.array(fc.tuple(space, string, space, tie('value'), space).map(([a, k, b, v, c]) => `${a}${k}${b}:${v}${c}`)).map(items => `{${items.join(',')}}`)
    )
  }))
  const member = fc.record({ key, value, before: space, after: space })
  return fc.array(member, { maxLength: 6 }).map(members => ({
    members,
    source: `{${members.map(m => `${m.before}${JSON.stringify(m.key)}${m.after}:${m.before}${m.value}${m.after}`).join(',')}}`
  }))
}

test('of any object, each member comes back as it was written', async t => {
  fc.assert(fc.property(jsonText(fc.oneof(fc.constantFrom('input', 'task'), fc.string({ unit: 'binary' }))), ({ members, source }) => {
    const scan = scanJson(source, 64)
    const last = new Map(members.map(({ key, value }) => [key, value]))
    for (const [key, value] of last) {
      if (memberText(scan, key) !== value) throw new Error(`${key}: ${memberText(scan, key)} instead of ${value}`)
    }
  }), { numRuns: 500 })
  t.pass('500 objects')
})

test('never throws, whatever the text', async t => {
  const junk = fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', ' ', '1')).map(parts => parts.join(''))
  fc.assert(fc.property(junk, source => { scanJson(source, 64) }), { numRuns: 2000 })
  t.pass('2000 texts')
})

test('takes linear time on text made to be slow', async t => {
  const sizes = [1 << 16, 1 << 20]
  for (const [name, open, unit] of [['escaped quotes', '"', '\\"'], ['backslashes', '"', '\\\\'], ['open strings', '', '"\\'], ['members', '{', '"":1,']] as const) {
    const [small, large] = sizes.map(size => {
      const source = Buffer.from(open + unit.repeat(size / unit.length)).toString()
      // Of this process: on a busy machine the clock goes on while others have the processor.
      const times = Array.from({ length: 5 }, () => {
        const start = process.cpuUsage()
        scanJson(source, 64)
        return process.cpuUsage(start).user / 1000
      })
      return Math.min(...times)
    }) as [number, number]
    // 16 times the text; quadratic would be 256 times the work. Below a tenth of a millisecond the clock tells nothing.
    t.ok(large < 100 * Math.max(small, 0.1), `${name}: ${small.toFixed(2)} ms, ${large.toFixed(2)} ms`)
  }
})

test('of each object in an array: its text and that of one member', async t => {
  for (const [text, expected] of [
    ['[]', []],
    ['[{}]', [['{}', undefined]]],
    [' [ { "a" : 1.0 , "input" :  [1, {"input":2}] } , {"input":"}],{\\"input\\":3"} ]', [['{ "a" : 1.0 , "input" :  [1, {"input":2}] }', '[1, {"input":2}]'], ['{"input":"}],{\\"input\\":3"}', '"}],{\\"input\\":3"']]],
    ['[{"inpu\\u0074":1,"b":{"input":2}},{"b":[{"input":2}]},{"input":1,"input":-0}]', [['{"inpu\\u0074":1,"b":{"input":2}}', '1'], ['{"b":[{"input":2}]}', undefined], ['{"input":1,"input":-0}', '-0']]],
    ['[{"a":"input","input":null},{"xinput":1,"inputx":2}]', [['{"a":"input","input":null}', 'null'], ['{"xinput":1,"inputx":2}', undefined]]]
  ] as const) {
    const { spans, members } = itemTexts(text, 'input')
    t.same(members.map((member, i) => [text.slice(spans[2 * i], spans[2 * i + 1]), member]), expected, text)
  }
})
