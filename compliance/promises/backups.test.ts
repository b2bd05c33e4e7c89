/** Pins: what is deleted is promised to be gone from backups too, though nothing has ever restored one and looked; and least of all where the keyring lies among the data. */
import { expect, onTestFinished, test } from 'vitest'
import type { Clock } from '#core/clock/clock.ts'
import { installationKeyFrom } from '#core/crypto/installation-key.ts'
import { type Keyring, openKeyring } from '#core/crypto/keyring/keyring.ts'
import { aPromiseBed } from '#test/factories/promises.ts'
import { anAddress, type GroundName, onBothGrounds } from '#test/grounds.ts'

async function aKeyringOn(dialect: GroundName, clock: Clock): Promise<Keyring> {
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')
  const keyring = await openKeyring({
    address: await anAddress(dialect, { migrated: false }),
    installationKeys: { current: installationKeyFrom(key) },
    clock,
  })
  onTestFinished(() => keyring.close())
  return keyring
}

onBothGrounds('what is promised of backups', (dialect) => {
  test('is not made while no drill restores one', async () => {
    const bed = await aPromiseBed(dialect)
    expect(await bed.look('T7')).toMatchObject({
      state: 'not_made',
      keyring: 'apart from the data',
      missing: expect.stringContaining('a drill'),
    })
  })

  test('is not made where the keyring lies in the cluster of the data, which is another reason', async () => {
    const bed = await aPromiseBed(dialect)
    const keyring = await aKeyringOn(dialect, bed.house.clock)
    bed.ground = { ...bed.ground, keyring }
    const found = await bed.look('T7')
    expect(found).toMatchObject(
      dialect === 'postgres'
        ? {
            state: 'not_made',
            keyring: 'in the cluster of the data',
            missing: expect.stringContaining('KEYRING_URL'),
          }
        : { state: 'not_made', keyring: 'apart from the data' },
    )
  })

  test('is not made when the data’s server cannot be asked, and says that it does not know', async () => {
    const bed = await aPromiseBed(dialect)
    const keyring = await aKeyringOn('postgres', bed.house.clock)
    const nowhere = { kind: 'postgres', url: 'postgres://a:b@127.0.0.1:1/none' } as const
    bed.ground = { ...bed.ground, keyring, config: { ...bed.ground.config, database: nowhere } }
    const found = await bed.look('T7')
    expect(found).toMatchObject({ state: 'not_made', keyring: 'the servers do not say where' })
  })
})
