/**
 * The first walk through the house, as a newcomer, an operator and a program take it. The tests build on each other, in
 * this order, on one installation that was just started.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { validate } from '../independent-validator/validate.ts'
import { aVisitor, expectClean, openBrowser, type Visitor } from './browser.ts'
import { fairframe, password, signIn } from './people.ts'

const { origin, dataDir, setUpLink } = inject('app')
const owner = 'owner@example.org'
const maker = 'mara@example.org'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

let operator: Visitor
let newcomer: Visitor

test('the set-up link makes the first owner, once', async () => {
  operator = await aVisitor(browser, origin)
  const { page } = operator
  await page.goto(setUpLink)
  await expectClean(operator, 'set-up')
  await page.fill('[name=site_name]', 'Harbour Films')
  await page.fill('[name=email]', owner)
  await page.fill('[name=password]', password)
  await page.selectOption('[name=region]', 'DE')
  await page.selectOption('[name=birth_month]', '4')
  await page.fill('[name=birth_year]', '1980')
  await page.getByRole('button', { name: 'Open the studio' }).click()
  await page.getByRole('heading', { name: 'Compose' }).waitFor()
  await expectClean(operator, 'the first studio')
  const late = await aVisitor(browser, origin)
  const answer = await late.page.goto(setUpLink)
  expect(answer?.status()).toBe(410)
  await late.context.close()
})

test('a newcomer signs up, confirms by mail and signs in', async () => {
  newcomer = await aVisitor(browser, origin)
  const { page } = newcomer
  await page.goto('/')
  await expectClean(newcomer, 'the landing page')
  await page.goto('/sign-up')
  await page.fill('[name=email]', maker)
  await page.fill('[name=password]', password)
  await page.selectOption('[name=region]', 'DE')
  await page.selectOption('[name=birth_month]', '4')
  await page.fill('[name=birth_year]', '1990')
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.waitForURL(/\/check-mail/)
  await expectClean(newcomer, 'check your mail')

  // No mail server is set, so the owner reads the mail in the console and passes the link on.
  await operator.page.goto('/console/outbox')
  await expectClean(operator, 'the outbox')
  const mail = await operator.page.locator('a[href*="/console/outbox/mai_"]').first().getAttribute('href')
  await operator.page.goto(mail ?? '')
  await operator.page.fill('main [name=reason]', 'The newcomer has no other way to get it.')
  await operator.page.getByRole('button', { name: 'Show it once' }).click()
  await operator.page
    .getByText(/verify-email\?token=/)
    .first()
    .waitFor()
  const text = await operator.page.locator('main').innerText()
  const address = /https?:\/\/\S+\/verify-email\?token=[\w-]+/.exec(text)?.[0]
  expect(address).toBeTruthy()

  await page.goto(address ?? '')
  await expectClean(newcomer, 'confirm the address')
  await page.locator('main [type=submit]').first().click()
  await page.waitForLoadState('networkidle')
  await signIn(page, maker)
  await expectClean(newcomer, 'the studio')
})

let creation: string

test('writes a prompt, watches the video being made, plays it and downloads it signed', async () => {
  const { page } = newcomer
  await page.goto('/studio')
  await page.fill(
    'textarea[name=prompt]',
    'A lighthouse stands over a calm sea at dawn. Gulls drift past the cliffs.',
  )
  await page.getByText('480p', { exact: true }).click()
  await page.getByRole('button', { name: /Make the video/ }).click()
  const card = page.locator('a[href*="/creations/gen_"]').first()
  await card.waitFor()
  creation = (await card.getAttribute('href')) ?? ''
  await page.goto(creation)
  const video = page.locator('main video').first()
  await video.waitFor({ timeout: 240_000 })
  await expectClean(newcomer, 'a creation')
  const seconds = await video.evaluate(
    (element: HTMLVideoElement) =>
      new Promise<number>((resolve, reject) => {
        element.onerror = () => reject(new Error('The browser cannot play it'))
        if (element.readyState >= 1) resolve(element.duration)
        element.onloadedmetadata = () => resolve(element.duration)
        element.load()
      }),
  )
  expect(seconds).toBeCloseTo(5, 0)

  const saved = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).first().click()
  const path = await (await saved).path()
  expect((await validate(path)).valid).toBe(true)
  const { readFile } = await import('node:fs/promises')
  const changed = await readFile(path)
  const place = Math.floor(changed.length * 0.8)
  changed[place] = (changed[place] ?? 0) ^ 1
  const altered = join(dataDir, 'altered.mp4')
  await writeFile(altered, changed)
  expect((await validate(altered)).valid).toBe(false)
  expect(changed.includes(maker)).toBe(false)
  expect(changed.includes('lighthouse')).toBe(false)
})

test('saves it, and somebody else finds nothing under its address', async () => {
  const { page } = newcomer
  await page.goto(creation)
  await page.getByRole('button', { name: /^Save/ }).first().click()
  await page.getByText(/Saved/).first().waitFor()
  await page.goto('/creations')
  await expectClean(newcomer, 'my creations')
  const answer = await operator.page.goto(creation)
  expect(answer?.status()).toBe(404)
  const media = await operator.page.request.get(creation.replace('/creations/', '/media/').concat('/video'))
  expect(media.status()).toBe(404)
})

test('the operator sees it in the console, without its prompt', async () => {
  const { page } = operator
  for (const path of [
    '',
    '/people',
    '/generations',
    '/jobs',
    '/outbox',
    '/audit',
    '/promises',
    '/settings',
  ]) {
    await page.goto(`/console${path}`)
    await expectClean(operator, `console${path}`)
  }
  await page.goto('/console/generations')
  const text = await page.locator('main').innerText()
  expect(text).toContain('ready')
  expect(text).not.toContain('lighthouse')
  expect(text).not.toContain(maker)
})

test('a program does the same over the API', async () => {
  const key = await fairframe(dataDir, 'api-key', 'create', '--email', maker, '--name', 'A program')
  expect(key).toMatch(/^ff_\S+$/)
  const headers = {
    Authorization: `Bearer ${key}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': 'one',
  }
  const body = JSON.stringify({
    model: 'storyboard',
    prompt: 'Rain on a tin roof.',
    seconds: 3,
    aspect_ratio: '16:9',
    resolution: '480p',
    audio: true,
    seed: 7,
  })
  const ask = () => fetch(`${origin}/api/v1/generations`, { method: 'POST', headers, body })
  const first = await ask()
  expect(first.status).toBe(202)
  const made = (await first.json()) as { id: string; status: string }
  expect(((await (await ask()).json()) as { id: string }).id).toBe(made.id)
  interface View {
    status: string
    content_url: string
    credits: { captured: number }
  }
  const view = async () =>
    (await (await fetch(`${origin}/api/v1/generations/${made.id}`, { headers })).json()) as View
  await expect.poll(async () => (await view()).status, { timeout: 240_000, interval: 500 }).toBe('ready')
  const ready = await view()
  expect(ready.credits.captured).toBe(2)
  const content = await fetch(new URL(ready.content_url, origin), { headers })
  expect(content.headers.get('content-type')).toBe('video/mp4')
  const bytes = Buffer.from(await content.arrayBuffer())
  const part = await fetch(new URL(ready.content_url, origin), {
    headers: { ...headers, Range: 'bytes=100-199' },
  })
  expect(part.status).toBe(206)
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true)
  expect(createHash('sha256').update(bytes).digest('hex')).toHaveLength(64)
  const refused = await fetch(`${origin}/api/v1/generations/${made.id}`, {
    headers: { Authorization: 'Bearer ff_no' },
  })
  expect(refused.status).toBe(401)
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
})

test('deleting makes it unreadable at once', async () => {
  const { page } = newcomer
  await page.goto(creation)
  await page.getByRole('button', { name: 'Delete' }).first().click()
  const confirm = page.getByRole('dialog').or(page.getByRole('alertdialog'))
  await confirm.getByRole('button', { name: 'Delete' }).click()
  await page.waitForURL(/\/creations$/)
  expect((await page.request.get(creation.replace('/creations/', '/media/').concat('/video'))).status()).toBe(
    404,
  )
})

test('the chain of the audit log holds, and doctor finds nothing broken', async () => {
  expect(await fairframe(dataDir, 'audit', 'verify')).toBeTruthy()
  const report = JSON.parse(await fairframe(dataDir, 'doctor', '--json')) as object
  expect(report).toBeTruthy()
})
