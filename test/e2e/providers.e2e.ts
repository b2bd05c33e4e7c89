/**
 * A video that a machine of somebody else makes, from the connection of its provider to the last word about it: as the
 * owner sees it in the console, as a person does in the studio, and as the provider counts it. The tests build on each
 * other, in this order. It pins: a key that is kept untested; a prompt that leaves the house before the register is whole;
 * a job handed over twice; a cost, a recipient or a refusal that nobody is told.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openaiVideosDouble, type VideosDouble } from '../doubles/providers/openai-videos.ts'
import { aVisitor, expectClean, openBrowser, type Visitor } from './browser.ts'
import { anAccount, signIn } from './people.ts'

const { origin, dataDir } = inject('app')
const provider = '/console/providers/openai-videos'
const model = '/console/models/my-model'
const compose = '/studio?model=my-model'
const houseFilm = {
  name: 'House film',
  modes: ['text'],
  inputs: {},
  seconds: { least: 4, most: 8, standard: 4, choices: [4, 8] },
  resolutions: ['720p'],
  aspectRatios: ['16:9'],
  audio: 'never',
  routes: [
    {
      ...{ id: 'rented', provider: 'openai-videos', endpoint: { model: 'sora-2' } },
      cost: { version: 1, usd: 'seconds * 0.02' },
    },
  ],
}
const maker = 'Rented GPUs, Hafen Rechenzentrum GmbH, Germany'

let browser: Browser
let double: VideosDouble
let owner: Visitor
let person: Visitor

beforeAll(async () => {
  browser = await openBrowser()
  double = await openaiVideosDouble('litellm')
  await anAccount(dataDir, 'catalogue-owner@example.org', 'owner')
  await anAccount(dataDir, 'nils@example.org')
  owner = await aVisitor(browser, origin)
  await signIn(owner.page, 'catalogue-owner@example.org')
  person = await aVisitor(browser, origin)
  await signIn(person.page, 'nils@example.org')
})
afterAll(async () => {
  await browser.close()
  await double.close()
})

const asked = () => double.requests.map(({ method, path }) => `${method} ${path}`)
const submissions = () => asked().filter((one) => one === 'POST /v1/videos').length
const main = ({ page }: Visitor) => page.locator('main')
const button = ({ page }: Visitor, name: string | RegExp) => page.getByRole('button', { name, exact: true })

test('a provider is connected only with a key that its free call accepts', async () => {
  const { page } = owner
  await page.goto('/console/providers')
  await page.getByRole('link', { name: /^Self-hosted server/ }).click()
  await page.getByRole('heading', { name: 'Connect' }).waitFor()
  await page.fill('[name=title]', 'Rented GPUs')
  await page.fill('[name="address.api"]', `${double.addresses.api}`)
  await page.selectOption('[name="setting.style"]', 'litellm')
  await page.fill('[name=key]', 'sk-of-somebody-else')
  await button(owner, 'Test and switch on').click()
  await page.getByText('Nothing was saved').waitFor()
  await main(owner).getByText('The provider refused the key').first().waitFor()
  await expectClean(owner, 'a connection that was refused')

  await page.fill('[name=key]', double.key)
  await button(owner, 'Test and switch on').click()
  await page.getByText('The key ends in 6789.').waitFor()
  await main(owner).getByText('went well').waitFor()
  expect(await page.content()).not.toContain(double.key)
  expect(new Set(asked())).toEqual(new Set(['GET /v1/models']))
})

test('a model is added by its record, and nothing can be sent before the entry in the register is whole', async () => {
  const { page } = owner
  const register = page.locator('#register')
  await register.getByText('Nothing is sent to this provider').waitFor()
  await page.goto('/console/add-model')
  const { rules: _, ...example } = JSON.parse(await page.inputValue('[name=record]'))
  await page.fill('[name=record]', JSON.stringify({ ...example, ...houseFilm }))
  await button(owner, 'Check and add').click()
  await page.waitForURL(`**${model}`)
  await main(owner).getByText('no route').waitFor()
  await main(owner).getByText('register entry is not complete').waitFor()
  await expectClean(owner, 'a model without a route')
  await person.page.goto(compose)
  await person.page.getByText('House film is not available at the moment.').waitFor()
  await expectClean(person, 'another model instead')

  await page.goto(provider)
  await page.selectOption('[name=safeguard]', 'standard_clauses')
  await page.fill('[name=name]', 'Hafen Rechenzentrum GmbH')
  await page.fill('[name=country]', 'de')
  await page.fill('[name=keeps_says]', 'Prompts and videos for a week.')
  await page.fill('[name=keeps_days]', '7')
  await button(owner, 'Confirm').click()
  await register.getByText('The date of the agreement is missing.').waitFor()
  await page.goto(model)
  await main(owner).getByText('no route').waitFor()

  await page.goto(provider)
  await page.fill('[name=agreement_on]', '2026-03-01')
  await register.getByRole('button', { name: 'Save' }).click()
  await register.getByText('complete', { exact: true }).waitFor()
  await expectClean(owner, 'a provider that is ready')
  await page.goto(model)
  await main(owner).getByText('offered', { exact: true }).waitFor()
  expect(submissions()).toBe(0)
})

test('a person is shown price and recipient, asks once, and watches it become ready', async () => {
  const { page } = person
  await page.goto('/studio')
  await page.locator('summary', { hasText: 'Choose another model' }).click()
  await page.getByRole('link', { name: /^House film/ }).click()
  const received = page.getByRole('region', { name: 'Who receives this' })
  await received.getByText(maker).waitFor()
  await received.getByText('What it keeps').click()
  await received.getByText('Prompts and videos for a week.').waitFor()
  await received.getByText('The last of it goes after 7 days.').waitFor()
  await expectClean(person, 'a model that somebody else runs')

  await page.fill('textarea[name=prompt]', 'A barge passes under a bridge.')
  // Four seconds at two cents each, a quarter on top, a cent to the credit.
  await button(person, /^Make the video\s*10 credits$/).click()
  const creation = await newest()
  await page.goto(creation)
  await page.locator('main video').waitFor({ timeout: 240_000 })
  await main(person).getByText(maker).waitFor()
  await main(person).getByText('10 credits').waitFor()
  await expectClean(person, 'a creation that somebody else made')
  expect([submissions(), double.taken.length]).toEqual([1, 1])
  expect(double.submissions[0]).toMatchObject({ prompt: 'A barge passes under a bridge.' })

  await owner.page.goto(creation.replace('/creations/', '/console/generations/'))
  await main(owner).getByText('openai-videos / my-model').waitFor()
  await main(owner).getByText('10, used').waitFor()
  await main(owner).getByText('about $0.08').waitFor()
  await expectClean(owner, 'its generation')
  await owner.page.goto(provider)
  await main(owner).getByText('$0.08', { exact: true }).waitFor()
  await owner.page.goto('/console')
  await main(owner).getByText('spent at providers: $0.08').waitFor()
  await expectClean(owner, 'an overview with money on it')
})

test('what the provider refuses is told to the person, and the credits are back', async () => {
  const { page } = person
  await page.goto(compose)
  const credits = page.getByRole('link', { name: /credits$/ })
  const before = await credits.innerText()
  await page.fill('textarea[name=prompt]', 'A face in the crowd [[policy]]')
  await button(person, /^Make the video/).click()
  await page.getByText('The model’s provider refused this by its own rules.').first().waitFor()
  await page.goto(await newest())
  await main(person).getByText('Your credits are back. Change it and try again.').waitFor()
  await main(person).getByText('Nothing was charged').waitFor()
  await expectClean(person, 'a creation that was refused')
  expect(await credits.innerText()).toBe(before)
  expect([submissions(), double.taken.length]).toEqual([2, 1])
})

test('a model that is switched off takes nothing more and says so, until it is on again', async () => {
  await person.page.goto(compose)
  await person.page.fill('textarea[name=prompt]', 'A tug turns in the harbour.')
  await owner.page.goto(model)
  await button(owner, 'Switch off').first().click()
  await main(owner).getByText('People cannot choose it').waitFor()
  // The form stood open meanwhile.
  await button(person, /^Make the video/).click()
  await person.page
    .getByText('House film is not available at the moment. Choose another model.')
    .first()
    .waitFor()
  expect(await person.page.inputValue('textarea[name=prompt]')).toBe('A tug turns in the harbour.')
  await person.page.goto(compose)
  const instead = 'House film is not available at the moment. This is Storyboard instead.'
  await person.page.getByText(instead).waitFor()
  await person.page.getByText('Nothing leaves this server.').waitFor()

  await button(owner, 'Switch on').first().click()
  await main(owner).getByText('offered', { exact: true }).waitFor()
  await person.page.goto(compose)
  await person.page.getByText(maker).waitFor()
  expect(submissions()).toBe(2)
})

/** The address of the creation that was asked for last. */
async function newest(): Promise<string> {
  const card = person.page.locator('a[href*="/creations/gen_"]').first()
  await card.waitFor()
  return (await card.getAttribute('href')) ?? ''
}
