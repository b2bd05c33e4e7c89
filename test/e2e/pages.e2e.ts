/** Every page, in both themes, at both widths, with and without something on it: no fault, no axe violation, nothing cut off. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { aVisitor, expectClean, openBrowser } from './browser.ts'
import { anAccount, fairframe, signIn } from './people.ts'

const { origin, dataDir } = inject('app')
const views = [
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
] as const

const open = ['/', '/sign-in', '/sign-up', '/forgot-password', '/check-mail', '/v/unknown', '/no-such-page']
const own = ['/studio', '/creations', '/account', '/account/security', '/account/credits', '/account/keys']
const staff = [
  '',
  '/people',
  '/generations',
  '/jobs',
  '/outbox',
  '/audit',
  '/promises',
  '/settings',
  '/models',
  '/models/storyboard',
  '/add-model',
  '/providers',
  '/providers/kie',
].map((path) => `/console${path}`)

let browser: Browser
/** Pages of one thing each: a person, a video and a mail, as the console and their owner see them. */
let details: { staff: string[]; own: string[] }

beforeAll(async () => {
  browser = await openBrowser()
  await anAccount(dataDir, 'empty@example.org')
  await anAccount(dataDir, 'full@example.org')
  await anAccount(dataDir, 'second-owner@example.org', 'owner')
  details = await someThings()
  // A video is made for it, and each of these starts a program.
}, 900_000)

/** A video that is ready and a mail that waits, by the API and the form that anybody uses. */
async function someThings(): Promise<typeof details> {
  const key = await fairframe(dataDir, 'api-key', 'create', '--email', 'full@example.org', '--name', 'x')
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${origin}/api/v1/generations${path}`, { headers, ...init }).then((answer) => answer.json())
  const wish = { model: 'storyboard', prompt: 'A tram crosses a bridge.', seconds: 2, resolution: '480p' }
  const { id } = await ask('', { method: 'POST', body: JSON.stringify(wish) })
  const ready = async () => (await ask(`/${id}`)).status === 'ready'
  await vi.waitUntil(ready, { timeout: 240_000, interval: 500 })

  const { page, context } = await aVisitor(browser, origin)
  await page.goto('/forgot-password')
  await page.fill('[name=email]', 'full@example.org')
  await page.click('main [type=submit]')
  await page.getByText('Look into your mail').waitFor()
  await context.close()

  const owner = await aVisitor(browser, origin)
  await signIn(owner.page, 'second-owner@example.org')
  await owner.page.goto(`/console/generations/${id}`)
  const person = await owner.page.locator('main a[href*="/console/people/sub_"]').first().getAttribute('href')
  await owner.page.goto('/console/outbox')
  const mail = await owner.page.locator('a[href*="/console/outbox/mai_"]').first().getAttribute('href')
  await owner.context.close()
  return {
    staff: [`/console/generations/${id}`, person ?? '', mail ?? ''],
    own: [`/creations/${id}`, '/creations', '/account/credits', '/account/security', '/account/keys'],
  }
}
afterAll(() => browser.close())

test.each(views)('open pages at $width px, $scheme', async (view) => {
  const visitor = await aVisitor(browser, origin, view)
  for (const path of open) {
    await visitor.page.goto(path)
    await expectClean(visitor, `${path} ${view.width} ${view.scheme}`)
  }
  await visitor.context.close()
})

test.each(views)('own pages, still empty, at $width px, $scheme', async (view) => {
  const visitor = await aVisitor(browser, origin, view)
  await signIn(visitor.page, 'empty@example.org')
  await visitor.page.emulateMedia({ colorScheme: view.scheme })
  for (const path of own) {
    await visitor.page.goto(path)
    await expectClean(visitor, `${path} ${view.width} ${view.scheme}`)
  }
  await visitor.context.close()
})

test.each(views)('own pages with something on them, at $width px, $scheme', async (view) => {
  const visitor = await aVisitor(browser, origin, view)
  await signIn(visitor.page, 'full@example.org')
  for (const path of details.own) {
    await visitor.page.goto(path)
    await expectClean(visitor, `${path} ${view.width} ${view.scheme}`)
  }
  await visitor.context.close()
})

test.each(views)('one person, one video and one mail in the console, at $width px, $scheme', async (view) => {
  const visitor = await aVisitor(browser, origin, view)
  const { page } = visitor
  await signIn(page, 'second-owner@example.org')
  for (const path of details.staff) {
    expect((await page.goto(path))?.status(), path).toBe(200)
    expect(await page.getAttribute('html', 'data-theme')).toBe(view.scheme)
    // What is folded away has to be as clean as what is seen at once.
    await page.locator('main details').evaluateAll((all) => {
      for (const folded of all) folded.setAttribute('open', '')
    })
    await expectClean(visitor, `${path} ${view.width} ${view.scheme}`)
  }
  await visitor.context.close()
})

test.each(views)('the console at $width px, $scheme', async (view) => {
  const visitor = await aVisitor(browser, origin, view)
  await signIn(visitor.page, 'second-owner@example.org')
  for (const path of staff) {
    await visitor.page.goto(path)
    await expectClean(visitor, `${path} ${view.width} ${view.scheme}`)
  }
  await visitor.context.close()
})

test('the forms of signing in work without any script', async () => {
  const visitor = await aVisitor(browser, origin, { javaScript: false })
  await signIn(visitor.page, 'empty@example.org')
  expect(visitor.page.url()).toContain('/studio')
  await visitor.context.close()
})

test('somebody who is no staff does not find the console', async () => {
  const visitor = await aVisitor(browser, origin)
  await signIn(visitor.page, 'empty@example.org')
  for (const path of staff) expect((await visitor.page.goto(path))?.status(), path).toBe(404)
  await visitor.context.close()
})
