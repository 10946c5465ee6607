import t from 'tap'
import { linearRegExp } from '../src/linear-regexp.ts'

t.test('an expression finds what it finds in JavaScript', async t => {
  const patterns = [
    '', '.', '^.$', '^..$', '^$', '$', 'a|', '(|a)', 'x{2}', '^x{2,}$', 'x{0}', '(?:x{2,3}?)+$', '^(?<name>x)-$', '\\^', '\\.', '\\$', '\\/', '/', '[/]', '\\[',
    '\\d', '\\D', '\\w', '\\W', '\\b', '\\Bx', '^\\s$', '^\\S$', '[\\s]', '^[^\\s]$', '^[\\S]$', '^[^\\S]$', '[\\s\\d]', '[\\b]', '\\v', '\\f', '\\t', '\\0', '[\\0]', '\\x7f', '\\cJ', '[\\cj]',
    '[]', '^[^]$', '[[a]', '[[:alpha:]', '[\\]]', '[a\\]]', '[\\-]', '[a-c-e]', '[&&]', '[a&&b]', '[--x]', '[^a]', '[.]', '^[^.]$', '\\p{L}', '\\P{L}', '[\\p{Nd}x]', '[^\\p{L}]', '\\p{Lu}',
    '\\u00e9', '[\\u00e0-\\u00ff]', '^\\ud83d\\ude00$', '[\\ud83d\\ude00]', '^\\u{1f600}$', '^[\\u{1f600}-\\u{1f64f}]$', '😀', '^[😀x]$'
  ]
  const texts = ['', ' ', 'a', 'A', 'b', 'e', 'p', ':', '_', '1', '٣', '\n', '\r', '\t', '\v', '\f', '\0', '\b', '\x0e', '\x7f', '\u0085', '\u00a0', '\u1680', '\u180e', '\u2003', '\u200b', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\ufeff', '\uffff', 'é', 'É', 'ß', '😀', '😀x', '\ud83d', 'x', 'xx', 'xxx', 'xxxxx', 'x-', '-', 'c', '[', '[a', ']', '&', '&&', '/', '.', '\\', '^', '$', '{', '}', 'a\n', '\nb', 'K']
  for (const pattern of patterns) {
    const [ours, native] = [linearRegExp(pattern), new RegExp(pattern, 'u')]
    t.same(texts.filter(text => ours.test(text)), texts.filter(text => native.test(text)), pattern)
  }
})

t.test('what is no expression, or would have to go back, is refused', async t => {
  for (const pattern of ['(', 'a++', '\\z', '[[:alpha:]]', '\\Q', '(?P<n>a)', '\\pL', '(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(a)\\1', '(?<n>a)\\k<n>', '\\k<n>(?<n>a)', 'a{1001}', '\\p{Nothing}']) {
    t.throws(() => linearRegExp(pattern), { message: /^the pattern ".+" cannot be used \(.+\): it must be one of ECMAScript/ }, pattern)
  }
})
