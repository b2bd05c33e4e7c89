/**
 * Pins: a form of the console that is too large and comes back without a word, or as an empty one; a body that is read for
 * somebody to whom the page is not there; a title that no translator sees.
 */
import { expect, test } from 'vitest'
import * as signIn from '#app/routes/auth/sign-in.tsx'
import { aBrowser } from '#test/factories/edge.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import * as addModel from './add-model.tsx'
import * as people from './people.tsx'

async function aStaffBrowser(role: 'owner' | 'auditor') {
  const house = await aHouse()
  const { email, password } = await aPerson(house, { role })
  const browser = await aBrowser(house)
  await browser.post(signIn.action, '/sign-in', { email, password })
  return browser
}

const tooLarge = { code: 'form_too_large', sentence: { text: 'That is too large. Nothing was kept of it.' } }

test('a workflow that is too large is refused where it was chosen', async () => {
  const browser = await aStaffBrowser('owner')
  const form = new FormData()
  form.append('intent', 'workflow')
  form.append('workflow', new Blob([new Uint8Array(3_000_000)]), 'workflow.json')
  const refused = await browser.send(addModel.action, '/console/add-model', form)
  expect(refused).toMatchObject({ status: 413, body: { intent: 'workflow', ok: false, refusal: tooLarge } })
})

test('a form that is too large and does not say which it is gets the page of errors', async () => {
  const browser = await aStaffBrowser('owner')
  const form = { find: 'x'.repeat(100_000), intent: 'find' }
  const refused = await browser.post(people.action, '/console/people', form)
  expect(refused).toMatchObject({ status: 413, body: { ...tooLarge, traceId: 'trace' } })
  const known = await browser.post(people.action, '/console/people', { intent: 'find', find: form.find })
  expect(known).toMatchObject({ status: 413, body: { intent: 'find', ok: false, refusal: tooLarge } })
})

test('nothing is read of a form for a page that is not there', async () => {
  const browser = await aStaffBrowser('auditor')
  const body = new ReadableStream(
    { pull: () => expect.unreachable('the body was read') },
    { highWaterMark: 0 },
  )
  const refused = await browser.send(addModel.action, '/console/add-model', body)
  expect(refused).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

interface Page {
  meta(given: { matches: object[] }): { title: string }[]
}
const pages = Object.entries(import.meta.glob<Page>('./*.tsx', { eager: true }))

test.each(pages)('the title of %s is a sentence, with the place and the site', (_, { meta }) => {
  const root = { id: 'root', data: { locale: 'en', site: { name: 'Our site' } } }
  expect(meta({ matches: [root] })[0]?.title).toMatch(/^([\w ]+ · )?Console · Our site$/)
})
