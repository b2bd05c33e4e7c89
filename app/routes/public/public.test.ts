/**
 * Pins: a record that tells of a person or a prompt, or tells a withdrawn video from one that never was; a start page
 * that keeps somebody who is signed in; a certificate with its key.
 */
import { expect, test } from 'vitest'
import { changeSettings } from '#app/settings.ts'
import { letGo } from '#app/studio/generations/removal.ts'
import { toJson } from '#core/db/columns.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import { newId } from '#core/ids/ids.ts'
import { aBrowser } from '#test/factories/edge.ts'
import { aHouse, aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import * as signIn from '../auth/sign-in.tsx'
import * as certificate from './certificate.ts'
import * as landing from './landing.tsx'
import * as record from './record.tsx'
import * as robots from './robots-txt.ts'
import * as securityTxt from './security-txt.ts'

const publicId = 'p4bL1c-1d_0123456789ab'

async function aSignedVideo(house: TestHouse, person: TestPerson, state: GenerationState) {
  const now = house.clock.now()
  const key = await house.keyring.create({ class: 'content', subject: person.id })
  const id = newId('generation', now)
  const asset = newId('asset', now)
  await house.db.transaction(async (tx) => {
    await tx
      .insertInto('generation')
      .values({
        id,
        subject_id: person.id,
        api_key_id: null,
        key_id: key.id,
        model: 'storyboard',
        state,
        prompt_sealed: 'sealed',
        texts_sealed: null,
        quote: null,
        settings: toJson({
          seconds: 5,
          aspect_ratio: '16:9',
          resolution: '720p',
          audio: true,
          seed: 1,
          mode: 'text',
        }),
        price: 5,
        credit_hold_id: null,
        error_code: null,
        attempts: 1,
        seq: 1,
        created_at: now,
        updated_at: now,
        started_at: now,
        ended_at: now,
        deadline_at: now,
        saved_at: null,
        expires_at: null,
        expiry_told: 0,
      })
      .execute()
    const owner = { subject_id: person.id, generation_id: id }
    await tx
      .insertInto('asset')
      .values({
        ...owner,
        id: asset,
        reference_id: null,
        key_id: key.id,
        kind: 'video',
        object_key: 'x',
        media_type: 'video/mp4',
        size: 1,
        sha256: 'ab',
        width: 1280,
        height: 720,
        duration_ms: 5000,
        created_at: now,
      })
      .execute()
    await tx
      .insertInto('stamp')
      .values({
        ...owner,
        asset_id: asset,
        public_id: publicId,
        manifest_label: 'urn:c2pa:x',
        manifest: new Uint8Array(1),
        sha256: 'ab',
        certificate_sha256: 'cd',
        engine: 'test',
        signed_at: now,
      })
      .execute()
  })
  return { id, key_id: key.id }
}

test('a record says what made a video and when, and nothing of whoever asked for it', async () => {
  const house = await aHouse()
  const person = await aPerson(house)
  const { id } = await aSignedVideo(house, person, 'ready')
  const browser = await aBrowser(house)
  const { body } = await browser.open(record.loader, `/v/${publicId}`, { publicId })
  expect(body.record).toEqual({
    signedAt: house.clock.now(),
    model: 'Storyboard',
    kind: 'algorithmic',
    durationMs: 5000,
    width: 1280,
    height: 720,
    sha256: 'ab',
    certificate: 'cd',
  })
  expect(JSON.stringify(body)).not.toMatch(new RegExp(`${id}|${person.id}|sealed`))
})

test('a withdrawn video and one that never was get the same answer', async () => {
  const house = await aHouse()
  const row = await aSignedVideo(house, await aPerson(house), 'ready')
  const browser = await aBrowser(house)
  const open = async (id: string) => (await browser.open(record.loader, `/v/${id}`, { publicId: id })).body
  await house.db.transaction((tx) => letGo(house, tx, row, 'remove', house.clock.now()))
  const unknown = await open('never-was-here')
  expect(await open(publicId)).toEqual(unknown)
  expect(await open("'; drop table stamp; --")).toEqual(unknown)
  expect(unknown.record).toBeUndefined()
})

test('a blocked video has no record', async () => {
  const house = await aHouse()
  await aSignedVideo(house, await aPerson(house), 'blocked')
  const browser = await aBrowser(house)
  expect((await browser.open(record.loader, '/v/x', { publicId })).body.record).toBeUndefined()
})

test('the start page is for guests; who is signed in goes to the studio', async () => {
  const house = await aHouse()
  const { email, password } = await aPerson(house)
  const browser = await aBrowser(house)
  expect((await browser.open(landing.loader, '/')).body).toMatchObject({ takesAccounts: true })
  await browser.post(signIn.action, '/sign-in', { email, password })
  expect((await browser.open(landing.loader, '/')).to).toBe('/studio')
})

test('the certificate is given without its key, and is absent before there is one', async () => {
  const bare = await aBrowser(await aHouse())
  expect((await bare.open(certificate.loader, '/')).status).toBe(404)
  const workshop = await aWorkshop()
  const browser = await aBrowser(workshop)
  const { status, text } = await browser.open(certificate.loader, '/')
  expect(status).toBe(200)
  expect(await text()).toBe(workshop.authority.rootPem)
})

test('security.txt names the contact and an end within the year, once there is a contact', async () => {
  const house = await aHouse()
  const browser = await aBrowser(house)
  expect((await browser.open(securityTxt.loader, '/')).status).toBe(404)
  const now = house.clock.now()
  await house.db.transaction((tx) => changeSettings(tx, { contact: 'hello@example.org' }, now))
  const text = await (await browser.open(securityTxt.loader, '/')).text()
  expect(text).toContain('Contact: mailto:hello@example.org\n')
  const end = Date.parse(/^Expires: (.*)$/m.exec(text)?.[1] ?? '')
  expect(end).toBeGreaterThan(now)
  expect(end).toBeLessThan(now + 365 * 24 * 3600 * 1000)
  expect(await (await browser.open(robots.loader, '/')).text()).toMatch(
    /^User-agent: \*\n.*Disallow: \/account/s,
  )
})
