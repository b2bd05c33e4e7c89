/**
 * Pins: a limit that only one of address and identity reaches; a counter that never opens again; a try that is let
 * through because it could not be counted; an address stored in the clear; a stranger who shuts somebody out from one
 * place; right tries that use up the limit; wrong ones that are taken back.
 */
import { expect, test } from 'vitest'
import { isAppError } from '#core/errors/errors.ts'
import { aHouse, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { countTry, forgiveTry, type LimitName, limits, TooMany, type Trying } from './limits.ts'

const hashKey = new Uint8Array(32).fill(7)

function tryAs(house: TestHouse, name: LimitName, who: Trying) {
  return countTry({ db: house.db, hashKey, now: house.clock.now() }, name, who)
}

async function triesUntilFull(once: (n: number) => Promise<void>): Promise<number> {
  for (let n = 1; n < 200; n += 1)
    try {
      await once(n)
    } catch (error) {
      if (!(error instanceof TooMany)) throw error
      return n - 1
    }
  throw new Error('Never full')
}

onBothGrounds('a limit', (ground) => {
  test('counts an identity across addresses', async () => {
    const house = await aHouse(ground)
    const most = await triesUntilFull((n) =>
      tryAs(house, 'sign_in', { address: `192.0.2.${n}`, identity: 'mara@example.org' }),
    )
    expect(most).toBe(limits.sign_in.identity)
  })

  test('is full sooner for one identity from one address, and open to it from another', async () => {
    const house = await aHouse(ground)
    const identity = 'mara@example.org'
    expect(await triesUntilFull(() => tryAs(house, 'sign_in', { address: '192.0.2.1', identity }))).toBe(
      limits.sign_in.pair,
    )
    await tryAs(house, 'sign_in', { address: '192.0.2.2', identity })
  })

  test('forgets what it was asked to forgive, and only that', async () => {
    const house = await aHouse(ground)
    const who = { address: '192.0.2.1', identity: 'mara@example.org' }
    const counting = { db: house.db, hashKey, now: house.clock.now() }
    for (let n = 0; n < 3 * limits.sign_in.pair; n += 1) {
      await tryAs(house, 'sign_in', who)
      await forgiveTry(counting, 'sign_in', who)
    }
    expect(await triesUntilFull(() => tryAs(house, 'sign_in', who))).toBe(limits.sign_in.pair)
  })

  test('counts the address once when the identity follows later', async () => {
    const house = await aHouse(ground)
    const address = '192.0.2.1'
    const tries = await triesUntilFull(async (n) => {
      await tryAs(house, 'sign_in', { address })
      await tryAs(house, 'sign_in', { address, identity: `p${n}@example.org`, addressCounted: true })
    })
    expect(tries).toBe(limits.sign_in.address)
  })

  test('counts an address across identities', async () => {
    const house = await aHouse(ground)
    const most = await triesUntilFull((n) =>
      tryAs(house, 'sign_in', { address: '192.0.2.1', identity: `p${n}@example.org` }),
    )
    expect(most).toBe(limits.sign_in.address)
  })

  test('opens again after its window, says when, and keeps the kinds apart', async () => {
    const house = await aHouse(ground)
    const who = { address: '192.0.2.1', identity: 'mara@example.org' }
    await triesUntilFull(() => tryAs(house, 'reset_mail', who))
    house.clock.advance(limits.reset_mail.each / 2)
    const refusal = await tryAs(house, 'reset_mail', who).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ status: 429, retryAfterSeconds: limits.reset_mail.each / 2000 })
    await tryAs(house, 'verify_mail', who)
    house.clock.advance(limits.reset_mail.each / 2)
    await tryAs(house, 'reset_mail', who)
  })

  test('stores keyed hashes only', async () => {
    const house = await aHouse(ground)
    await tryAs(house, 'sign_in', { address: '192.0.2.77', identity: 'mara@example.org' })
    const rows = await house.db.read.selectFrom('rate_counter').selectAll().execute()
    expect(rows).toHaveLength(3)
    expect(JSON.stringify(rows)).not.toMatch(/mara|192\.0\.2/)
  })

  test('refuses what it cannot count', async () => {
    const house = await aHouse(ground)
    await tryAs(house, 'sign_in', { address: '192.0.2.1' })
    await house.db.close()
    const thrown = await tryAs(house, 'sign_in', { address: '192.0.2.1' }).then(
      () => 'let through',
      (error: unknown) => error,
    )
    expect(thrown).toBeInstanceOf(Error)
    expect(isAppError(thrown) && thrown.status < 500).toBe(false)
  })
})
