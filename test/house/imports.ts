/**
 * Which way imports may point (docs/architecture.md): core <- compliance <- app/{accounts,billing,studio} <- app/routes, jobs.
 */
import { posix } from 'node:path'
import ts from 'typescript'
import { type Finding, isCode, isTest, type Sources } from './findings.ts'

type Import = { specifier: string; line: number; typeOnly: boolean }

/** Areas of the repository, the first that fits; and, for each, the areas it may import from. `bin` and tests may import anything. */
const AREAS: readonly [name: string, path: RegExp, mayImport: readonly string[]][] = [
  ['core', /^core\//, ['core']],
  ['compliance', /^compliance\//, ['core', 'compliance']],
  [
    'domain',
    /^app\/(accounts|billing|console|studio)\//,
    ['core', 'compliance', 'domain', 'ground', 'links'],
  ],
  ['http', /^app\/http\//, ['core', 'compliance', 'domain', 'ground', 'http', 'i18n', 'links']],
  ['components', /^app\/components\//, ['components', 'i18n', 'links']],
  ['i18n', /^app\/i18n\//, ['core', 'i18n']],
  ['links', /^app\/paths\.ts$/, ['links', 'pages']],
  [
    'ground',
    /^app\/(house|job-payloads|settings|migrate-house)\.ts$/,
    ['core', 'compliance', 'ground', 'root'],
  ],
  // Where the house is put together; nothing but entry points imports it.
  ['root', /^app\/open-house\.ts$/, ['core', 'compliance', 'ground', 'domain']],
  [
    'pages',
    /^app\//,
    ['core', 'compliance', 'domain', 'ground', 'http', 'components', 'i18n', 'links', 'pages'],
  ],
  ['jobs', /^jobs\//, ['core', 'compliance', 'domain', 'ground', 'root', 'i18n', 'links', 'jobs']],
]

/** What a component may take beside the above, for it runs in the browser: rules of forms and values without a server in them. */
const BROWSER_SAFE =
  /(\.schema\.ts$|^core\/(i18n|ids|errors|clock)\/|^app\/studio\/catalogue\/(record|rule)\.ts$)/

/** Packages with one door: everybody else goes through the file named. */
const DOORS: Readonly<Record<string, string>> = { lucia: 'app/http/session.ts' }

/** Packages that only a server has, beside Node's own modules. */
const SERVER_PACKAGES =
  /^(node:.*|(@aws-sdk\/|@node-rs\/|@peculiar\/).*|(@contentauth\/c2pa-node|@remix-run\/(node|express)|better-sqlite3|express|kysely|lucia|node-cron|nodemailer|pg|pg-boss|pino|rate-limiter-flexible|sharp)(\/.*)?)$/

function areaOf(path: string) {
  return AREAS.find(([, pattern]) => pattern.test(path))
}

/** Every import, export-from and dynamic import of a file. */
export function importsOf(path: string, text: string): Import[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false)
  const found: Import[] = []
  const add = (literal: ts.Node | undefined, typeOnly: boolean) => {
    if (!literal || !ts.isStringLiteralLike(literal)) return
    const line = file.getLineAndCharacterOfPosition(literal.getStart(file)).line + 1
    found.push({ specifier: literal.text, line, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The repository path that an import of ours points at, or undefined for a package. */
function target(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1)
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), specifier))
}

function judge(path: string, one: Import): string | undefined {
  const to = target(path, one.specifier)
  const area = areaOf(path)
  if (!to) {
    const name = one.specifier
      .split('/')
      .slice(0, one.specifier.startsWith('@') ? 2 : 1)
      .join('/')
    const door = DOORS[name]
    if (door && path !== door) return `only ${door} may import ${name}`
    if (area?.[0] === 'components' && !one.typeOnly && SERVER_PACKAGES.test(one.specifier))
      return `a component may not import ${one.specifier}, which only a server has`
    return
  }
  if (isTest(path) || !area) return
  if (to.startsWith('test/')) return `only tests may import ${to}`
  const [name, , allowed] = area
  const other = areaOf(to)?.[0]
  if (!other) return /^(bin|bench|docker)\//.test(to) ? `${name} may not import ${to}` : undefined
  if (allowed.includes(other)) return
  // The house holds what a domain made; it names the type and knows nothing of how.
  if (name === 'ground' && other === 'domain' && one.typeOnly) return
  if (name === 'components' && (one.typeOnly || BROWSER_SAFE.test(to))) return
  return `${name} may not import ${to} (${other})`
}

export function checkImports(sources: Sources): Finding[] {
  const findings: Finding[] = []
  for (const [file, text] of sources) {
    if (!isCode(file)) continue
    for (const one of importsOf(file, text)) {
      const says = judge(file, one)
      if (says) findings.push({ file, line: one.line, says })
    }
  }
  return findings
}
