/** The table of measurements: for a terminal and for the README. */
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import type { Row } from './figure.ts'

const titles = ['Figure', 'Measured', 'Peer or limit', 'Ratio', 'Target', 'OK']

/** On which machine and when; a table without it says nothing. `load` is that of the minutes before. */
export function machine(load: readonly number[]): string {
  const cores = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const day = new Date().toISOString().slice(0, 10)
  return `Measured on ${day}: ${cores.length} cores (${cores[0]?.model.trim() || 'of unknown model'}), ${memory} GiB of memory, Node ${process.version}; load before it began: ${load[0]?.toFixed(1)}.`
}

export function asText(rows: readonly Row[]): string {
  const lines = [titles, ...rows.map(cells)]
  const widths = titles.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function asMarkdown(rows: readonly Row[]): string {
  const line = (columns: readonly string[]) =>
    `| ${columns.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map((row) => line(cells(row)))].join('\n')
}

function cells(row: Row): string[] {
  if ('why' in row) return [row.name, `not measured here: ${row.why}`, '', '', row.target, '–']
  const { name, value, against = '', ratio, target, ok } = row
  return [name, value, against, String(Number(ratio.toFixed(2))), target, ok ? 'yes' : 'no']
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. Throws when the file lacks them. */
export async function writeBetween(file: string, name: string, text: string): Promise<void> {
  const whole = await readFile(file, 'utf8')
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [start, end] = [whole.indexOf(open), whole.indexOf(close)]
  if (start < 0 || end < start) throw new Error(`${file} has no ${open} … ${close}`)
  await writeFile(file, `${whole.slice(0, start + open.length)}\n${text}\n${whole.slice(end)}`)
}
