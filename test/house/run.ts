/** Checks the house rules over the whole repository: prints what breaks them and exits with 1 when something does. */
import { fileURLToPath } from 'node:url'
import { readSources } from './findings.ts'
import { checkImports } from './imports.ts'
import { checkLengths } from './lengths.ts'
import { checkLock, checkPins } from './packages.ts'
import { checkWords } from './words.ts'

const sources = readSources(fileURLToPath(new URL('../..', import.meta.url)))
const read = (path: string) => sources.get(path) ?? ''

const findings = [
  ...checkImports(sources),
  ...checkLengths(sources, read('test/house/long-files.txt')),
  ...checkWords(sources),
  ...checkPins(JSON.parse(read('package.json'))),
  ...checkLock(JSON.parse(read('package-lock.json'))),
]
for (const { file, line, says } of findings) console.log(`${file}${line ? `:${line}` : ''}  ${says}`)
console.log(
  findings.length === 0 ? `${sources.size} files keep the house rules.` : `${findings.length} found.`,
)
process.exitCode = findings.length === 0 ? 0 : 1
