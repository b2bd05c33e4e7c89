/** Pins: a list of addresses tried one by one to learn who has an account; a search that locks a colleague out. */
import { expect, test } from 'vitest'
import { limits } from '#app/accounts/limits.ts'
import { aBrowser } from '#test/factories/edge.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import * as signIn from '../auth/sign-in.tsx'
import { action } from './people.tsx'

async function aSupporter(house: TestHouse, ip: string) {
  const { email, password } = await aPerson(house, { role: 'support' })
  const browser = await aBrowser(house, ip)
  await browser.post(signIn.action, '/sign-in', { email, password })
  return (find: string) => browser.post(action, '/console/people', { intent: 'find', find })
}

test('people are searched as often as a task needs, and no more', async () => {
  const house = await aHouse()
  const anna = await aPerson(house)
  const find = await aSupporter(house, '192.0.2.1')
  for (let n = 1; n < limits.find_person.identity; n += 1)
    expect((await find(`nobody-${n}@example.org`)).status).toBe(404)
  expect((await find(anna.email)).to).toBe(`/console/people/${anna.id}`)
  const refused = await find(anna.email)
  expect(refused).toMatchObject({ status: 429, body: { refusal: { code: 'too_many' } } })

  const colleague = await aSupporter(house, '192.0.2.2')
  expect((await colleague(anna.email)).to).toBe(`/console/people/${anna.id}`)
  house.clock.advance(limits.find_person.each)
  expect((await find(anna.email)).to).toBe(`/console/people/${anna.id}`)
})
