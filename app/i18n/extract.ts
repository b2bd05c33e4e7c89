import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/**
 * Collects every sentence that a person may read into `en.json`, the list that translators start from:
 * `node app/i18n/extract.ts --write`. Read by the compiler's own parser, so a comment or a string is never mistaken
 * for a call. A test fails when the list is stale.
 */
export interface Collected {
  /** Sorted, each once. */
  messages: string[]
  /** `file:line what is wrong` for calls that translators could not see or that would read wrongly. */
  faults: string[]
}

const folders = ['app', 'core', 'compliance', 'jobs', 'bin']
/** These pass sentences on; they do not say any. */
const passers = ['core/i18n/translate.ts', 'core/i18n/say.ts', 'app/i18n/I18n.tsx', 'app/i18n/extract.ts']
const calls = ['say', 't', 'rich']

export function collectMessages(rootDir: string): Collected {
  const messages = new Set<string>()
  const faults: string[] = []
  for (const path of folders.flatMap((folder) => sources(join(rootDir, folder)))) {
    const name = relative(rootDir, path)
    if (passers.includes(name)) continue
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023, true)
    const others = namesDeclaredIn(file)
    visit(file, file, (call, callee) => {
      // A program's own `say` that writes to its terminal is not the one that people's pages and mails read.
      if (ts.isIdentifier(call.expression) && others.has(callee)) return
      const [first] = call.arguments
      const at = `${name}:${file.getLineAndCharacterOfPosition(call.getStart()).line + 1}`
      if (!first) return
      const found = literals(first, file)
      if (found === 'unknown') faults.push(`${at} ${callee}() needs its text written out, not put together`)
      // `t(sentence)` takes a Sentence made by say() elsewhere, which is collected there.
      else if (found.length === 0 && callee === 'say') faults.push(`${at} say() needs its text written out`)
      else {
        for (const text of found) {
          const wrong = faultIn(text)
          if (wrong) faults.push(`${at} ${wrong}`)
          messages.add(text)
        }
      }
    })
  }
  return { messages: [...messages].sort((a, b) => (a < b ? -1 : 1)), faults }
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$|\.d\.ts$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function visit(node: ts.Node, file: ts.SourceFile, found: (call: ts.CallExpression, callee: string) => void) {
  if (ts.isCallExpression(node)) {
    const callee = calleeName(node.expression)
    if (callee && calls.includes(callee)) found(node, callee)
  }
  ts.forEachChild(node, (child) => visit(child, file, found))
}

function namesDeclaredIn(file: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) names.add(statement.name.text)
    if (!ts.isVariableStatement(statement)) continue
    for (const { name } of statement.declarationList.declarations)
      if (ts.isIdentifier(name)) names.add(name.text)
  }
  return names
}

function calleeName(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text
  // `i18n.t(…)`, `translator.t(…)`; not `schema.rich.t` of some library, which would have no literal either.
  if (ts.isPropertyAccessExpression(expression) && expression.name.text !== 'say') return expression.name.text
  return undefined
}

/** The texts an expression can be; none when it is a value from elsewhere; `unknown` when it is put together here. */
function literals(node: ts.Expression, file: ts.SourceFile): string[] | 'unknown' {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (ts.isParenthesizedExpression(node)) return literals(node.expression, file)
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [literals(node.whenTrue, file), literals(node.whenFalse, file)]
    return yes === 'unknown' || no === 'unknown' ? 'unknown' : [...yes, ...no]
  }
  if (ts.isTemplateExpression(node)) return 'unknown'
  if (ts.isBinaryExpression(node)) {
    if (node.operatorToken.kind === ts.SyntaxKind.PlusToken) return 'unknown'
    const [left, right] = [literals(node.left, file), literals(node.right, file)]
    return left === 'unknown' || right === 'unknown' ? 'unknown' : [...left, ...right]
  }
  if (ts.isIdentifier(node)) return named(node, file)
  return []
}

/** What a name of this file stands for: a `const`, or the parameter of a function that passes it on to say(). */
function named(name: ts.Identifier, file: ts.SourceFile): string[] | 'unknown' {
  for (let node: ts.Node = name; node !== file; node = node.parent) {
    if (ts.isFunctionDeclaration(node) && node.name) {
      const place = node.parameters.findIndex(
        (one) => ts.isIdentifier(one.name) && one.name.text === name.text,
      )
      if (place >= 0) return givenTo(node, place, file)
    }
  }
  const found: string[] = []
  const look = (node: ts.Node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name.text) {
      if (node.initializer && ts.isStringLiteral(node.initializer)) found.push(node.initializer.text)
    }
    ts.forEachChild(node, look)
  }
  look(file)
  return found
}

/** The texts with which a function is called in its file. None when it is meant for other files. */
function givenTo(callee: ts.FunctionDeclaration, place: number, file: ts.SourceFile): string[] | 'unknown' {
  const found: (string[] | 'unknown')[] = []
  const look = (node: ts.Node) => {
    // What it says to itself it was told by somebody else.
    if (node === callee) return
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const given = node.arguments[place]
      if (given && node.expression.text === callee.name?.text) found.push(literals(given, file))
    }
    ts.forEachChild(node, look)
  }
  look(file)
  return found.includes('unknown') ? 'unknown' : found.flat()
}

function faultIn(text: string): string | undefined {
  if (text.trim() === '') return 'an empty sentence'
  if (text !== text.trim()) return 'spaces around the sentence: put them where it is shown'
  if (/\{\s*\w+\s*,\s*(date|time)\b/.test(text)) {
    return 'a date inside a sentence would be in the server’s time zone: give a Date, or a text made by date()'
  }
  return undefined
}

export function catalogueOf(messages: readonly string[]): string {
  return `${JSON.stringify(messages, null, 2)}\n`
}

export const cataloguePath = fileURLToPath(new URL('./en.json', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { messages, faults } = collectMessages(fileURLToPath(new URL('../..', import.meta.url)))
  if (process.argv.includes('--write')) writeFileSync(cataloguePath, catalogueOf(messages))
  process.stdout.write([...faults, `${messages.length} sentences`, ''].join('\n'))
  process.exitCode = faults.length > 0 ? 1 : 0
}
