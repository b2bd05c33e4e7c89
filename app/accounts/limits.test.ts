/**
 * Pins: a limit that only one of address and identity reaches; a counter that never opens again; a try that is let
 * through because it could not be counted; an address stored in the clear.
 */
import { expect, test } from 'vitest'
import { isAppError } from '#core/errors/errors.ts'
import { aHouse, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { countTry, type LimitName, limits, TooMany } from './limits.ts'

const hashKey = new Uint8Array(32).fill(7)

function tryAs(house: TestHouse, name: LimitName, who: { address: string; identity?: string }) {
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
    expect(rows).toHaveLength(2)
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
