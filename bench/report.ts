import type { Measure, Result } from './measure.ts'

/** One line of the result, as `--json` writes it; `ok` is false when a bound is missed, and null when there is none. */
export interface ReportRow {
  measure: string
  versus: string
  value: number
  unit: string
  ratio: number | null
  must: number | null
  aim: number | null
  ok: boolean | null
}

export function toRows ({ rows }: Measure, result: Result): ReportRow[] {
  return rows.map(row => {
    const { measure, ours, versus, unit, must = null, aim = null, less = false } = row
    const value = result.value(ours)
    const ratio = versus === undefined ? null : result.ratio(row)
    const judged = ratio ?? value
    return {
      measure,
      versus: versus === undefined ? '' : typeof versus === 'string' ? versus : versus[0],
      value,
      unit,
      ratio,
      must,
      aim,
      ok: must === null ? null : less ? judged <= must : judged >= must
    }
  })
}

/** As a Markdown table. */
export function table (rows: ReportRow[]): string {
  const lines = [['measure', 'ours', 'versus', 'ratio', 'must', 'aim', ''], ...rows.map(row => [
    row.measure, `${number(row.value)} ${row.unit}`, row.versus, number(row.ratio), number(row.must), number(row.aim), verdict(row)
  ])]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map(line => line[column]!.length)))
  const text = lines.map(line => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`)
  text.splice(1, 0, `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`)
  return text.join('\n')
}

function verdict ({ ok }: ReportRow): string {
  return ok === null ? '' : ok ? 'ok' : 'MISSED'
}

function number (value: number | null): string {
  if (value === null) return ''
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return Number(value.toPrecision(3)).toString()
}
