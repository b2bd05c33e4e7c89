/** Every page, in both themes, at both widths, with and without something on it: no fault, no axe violation, nothing cut off. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { aVisitor, expectClean, openBrowser } from './browser.ts'
import { anAccount, signIn } from './people.ts'

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
beforeAll(async () => {
  browser = await openBrowser()
  await anAccount(dataDir, 'empty@example.org')
  await anAccount(dataDir, 'second-owner@example.org', 'owner')
})
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
