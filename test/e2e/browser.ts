import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Without the background-networking flags Chromium asks its maker's hosts all day long. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath, args: flags })
}

export interface Visitor {
  page: Page
  context: BrowserContext
  /** Console errors, CSP violations and failed scripts since the last look. */
  faults: string[]
}

export async function aVisitor(
  browser: Browser,
  origin: string,
  options: { width?: number; scheme?: 'light' | 'dark'; javaScript?: boolean } = {},
): Promise<Visitor> {
  const width = options.width ?? 1440
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height: width > 600 ? 900 : 844 },
    colorScheme: options.scheme ?? 'light',
    javaScriptEnabled: options.javaScript ?? true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  })
  // Studio and console have a mood of their own until somebody chooses: what the system likes alone would show one theme twice.
  if (options.scheme) await context.addCookies([{ name: 'theme', value: options.scheme, url: origin }])
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    // Chromium reports every answer of 400 and above as an error of the console; pages of errors are meant.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url())
    if (/^https?:$/.test(protocol) && asked !== origin) faults.push(`A request left the site: ${asked}`)
  })
  return { page, context, faults }
}

/** No console error, no CSP violation, no axe violation (WCAG 2.2 AA), nothing wider than the page. */
export async function expectClean({ page, faults }: Visitor, what: string): Promise<void> {
  // Colours that are still fading from one theme to the other are neither's; a change of theme begins to fade a frame later.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
  expect(faults.splice(0), `${what}: faults`).toEqual([])
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(wide, `${what}: wider than the screen by`).toBeLessThanOrEqual(0)
  // By the debugger's door, for the page's own policy rightly refuses a script that is put in.
  const found = (await page.evaluate(
    `(() => { ${axeSource}; return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }) })()`,
  )) as { violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[] }
  const violations = found.violations.map(
    (v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`,
  )
  expect(violations, `${what}: axe`).toEqual([])
}
