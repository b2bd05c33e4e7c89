/**
 * Pins: an unsaved creation that stays, or a saved one that goes; a person who was not told before; the clock that counts
 * from the wrong day; a run without proof; a generation that waits for a worker for ever.
 */
import { expect, test } from 'vitest'
import { createApiKey } from '#app/accounts/api-keys.ts'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { House } from '#app/house.ts'
import { advance, goesAt } from '#app/studio/generations/advance.ts'
import { compose } from '#app/studio/generations/compose.ts'
import * as queries from '#app/studio/generations/generations.queries.ts'
import { saveGeneration } from '#app/studio/generations/removal.ts'
import { keyColumns } from '#compliance/retention/orphan-keys.ts'
import { system } from '#core/actor.ts'
import { DAY, HOUR } from '#core/clock/clock.ts'
import type { GenerationId, SubjectId } from '#core/ids/ids.ts'
import { readMail } from '#core/mail/outbox.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { sweep } from './retention.ts'

const always = new AbortController().signal

async function aCreation(house: House, subject: SubjectId): Promise<GenerationId> {
  const input = { model: 'storyboard', prompt: 'A storm.', seconds: 2, resolution: '480p' }
  const id = await compose(house, { subject, apiKey: null }, input)
  for (const event of ['submit', 'accept', 'produce', 'finish'] as const)
    await house.db.transaction((tx) =>
      advance(tx, id, event, house.clock.now(), { expires_at: goesAt(house) }),
    )
  return id
}

const stateOf = async (house: House, id: GenerationId) =>
  (await queries.anyGeneration(house.db.read, id))?.state

onBothGrounds('the sweep', (ground) => {
  test('lets an unsaved creation go after its time, key and all, and keeps a saved one', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const unsaved = await aCreation(house, person.id)
    const saved = await aCreation(house, person.id)
    await saveGeneration(house, person.id, saved, true)
    house.clock.advance(30 * DAY - HOUR)
    await sweep(house, always)
    expect(await stateOf(house, unsaved)).toBe('ready')
    house.clock.advance(2 * HOUR)
    const before = await queries.anyGeneration(house.db.read, unsaved)
    await sweep(house, always)
    expect(await stateOf(house, unsaved)).toBe('expired')
    expect(await stateOf(house, saved)).toBe('ready')
    const open = await house.keyring.open([before?.key_id as never], {
      actor: { kind: 'system', id: 'test' },
      purpose: 'test',
    })
    expect(open.size).toBe(0)
    const proof = await house.db.read
      .selectFrom('retention_run')
      .selectAll()
      .where('rule', '=', 'generation.unsaved')
      .execute()
    expect(proof).toMatchObject([{ considered: 1, deleted: 1, failed: 0 }])
    house.clock.advance(31 * DAY)
    await sweep(house, always)
    expect(await stateOf(house, unsaved)).toBeUndefined()
  })

  test('tells once, by one mail for all, three days before', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    await aCreation(house, person.id)
    await aCreation(house, person.id)
    house.clock.advance(26 * DAY)
    await sweep(house, always)
    const mails = () => house.db.read.selectFrom('mail').selectAll().where('kind', '=', 'expiring').execute()
    expect(await mails()).toEqual([])
    house.clock.advance(1.5 * DAY)
    await sweep(house, always)
    await sweep(house, always)
    const [mail, ...more] = await mails()
    expect(more).toEqual([])
    const text = await readMail(house, mail?.id ?? '', system('test'), 'mail.send')
    expect(text.title).toBe('2 videos will go soon')
    expect(text.to).toBe(person.email)
  })

  test('ends what is past its deadline, with the credits back', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house, { credits: 5 })
    const input = { model: 'storyboard', prompt: 'A storm.', seconds: 2, resolution: '480p' }
    const id = await compose(house, { subject: person.id, apiKey: null }, input)
    house.clock.advance(HOUR)
    await sweep(house, always)
    expect(await queries.anyGeneration(house.db.read, id)).toMatchObject({
      state: 'failed',
      error_code: 'timeout',
    })
    expect((await balanceOf(house.db.read, person.id)).available).toBe(5)
  })

  test('prunes what goes by age alone', async () => {
    const house = await aHouse(ground)
    const { db, clock } = house
    const row = {
      id: 'evt_1' as never,
      api_key_id: null,
      method: 'GET',
      endpoint: '/x',
      status: 200,
      ms: 1,
      bytes: 1,
    }
    await db.transaction((tx) =>
      tx
        .insertInto('api_request')
        .values({ ...row, at: clock.now() })
        .execute(),
    )
    clock.advance(89 * DAY)
    await sweep(house, always)
    expect(await db.read.selectFrom('api_request').selectAll().execute()).toHaveLength(1)
    clock.advance(2 * DAY)
    await sweep(house, always)
    expect(await db.read.selectFrom('api_request').selectAll().execute()).toHaveLength(0)
  })
})

test('a key without a row goes after a day, and no key that a row needs', async () => {
  const house = await aHouse('sqlite')
  const person = await aPerson(house)
  const id = await aCreation(house, person.id)
  await saveGeneration(house, person.id, id, true)
  const orphan = await house.keyring.create({ class: 'content', subject: person.id })
  const left = async () => (await house.keyring.keysOf(person.id)).map((key) => key.id)
  await sweep(house, always)
  expect(await left()).toContain(orphan.id)
  house.clock.advance(DAY + HOUR)
  await sweep(house, always)
  const keys = await left()
  expect(keys).not.toContain(orphan.id)
  expect(keys).toContain((await queries.anyGeneration(house.db.read, id))?.key_id)
  expect(keys).toHaveLength(2)
})

test('the owner of an API key is told once, two weeks before it ends', async () => {
  const house = await aHouse('sqlite')
  const person = await aPerson(house)
  await createApiKey(house, { kind: 'person', id: person.id }, { subject: person.id, name: 'A program' })
  const told = () =>
    house.db.read.selectFrom('mail').select('id').where('kind', '=', 'api_key_ending').execute()
  house.clock.advance(350 * DAY)
  await sweep(house, always)
  expect(await told()).toHaveLength(0)
  house.clock.advance(2 * DAY)
  await sweep(house, always)
  await sweep(house, always)
  expect(await told()).toHaveLength(1)
})

test('every column that names a key is known to the search for orphans', () => {
  expect(keyColumns.map(({ table, column }) => `${table}.${column}`).sort()).toEqual([
    'api_key.key_id',
    'asset.key_id',
    'audit.note_key_id',
    'generation.key_id',
    'mail.key_id',
    'reference.key_id',
    'subject.key_id',
  ])
})

test('a sweep that is stopped leaves the rest for the next', async () => {
  const house = await aHouse('sqlite')
  const person = await aPerson(house)
  const id = await aCreation(house, person.id)
  house.clock.advance(31 * DAY)
  await sweep(house, AbortSignal.abort())
  expect(await stateOf(house, id)).toBe('ready')
  await sweep(house, always)
  expect(await stateOf(house, id)).toBe('expired')
})
