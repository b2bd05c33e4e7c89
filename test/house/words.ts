/** Things that must not be written anywhere: left-over notes, tests switched off, somebody's private package host, an attic. */
import { type Finding, isCode, isTest, type Sources } from './findings.ts'

const EVERYWHERE: readonly [RegExp, string][] = [
  [/\b(TODO|FIXME|XXX)\b/, 'a left-over note: do it, or open an issue'],
  [
    /https?:\/\/[\w.-]*(registry|npm-proxy|artifactory|nexus|verdaccio)[\w.-]*[/:]/i,
    'the host of a package registry',
  ],
]

const TESTS = /\b(it|test|describe|suite)(\.\w+)*\.(only|skip|todo)\(/

export function checkWords(sources: Sources): Finding[] {
  const findings: Finding[] = []
  for (const [file, text] of sources) {
    if (file.startsWith('test/house/')) continue
    if (/(^|\/)utils?(\/|\.)/.test(file))
      findings.push({ file, says: 'there is no utils: name it by what it does' })
    for (const [index, content] of text.split('\n').entries()) {
      const line = index + 1
      for (const [pattern, says] of EVERYWHERE) if (pattern.test(content)) findings.push({ file, line, says })
      if (isCode(file) && isTest(file) && TESTS.test(content))
        findings.push({ file, line, says: 'a test that is switched off or runs alone' })
    }
  }
  return findings
}
