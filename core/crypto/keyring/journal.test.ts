/**
 * Pins: two processes with different secrets under one name; entries out of their order; content in the journal.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type MovableClock, movableClock } from '#core/clock/clock.ts'
import type { GroundAddress } from '#core/db/ground.ts'
import { newId } from '#core/ids/ids.ts'
import { anAddress, onBothGrounds } from '#test/grounds.ts'
import { installationKeyFrom } from '../installation-key.ts'
import { openKeyring } from './keyring.ts'

const masterText = '00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978'
const master = installationKeyFrom(masterText)
const run = promisify(execFile)
const program = fileURLToPath(new URL('../../../test/programs/keyring-secret.ts', import.meta.url))

onBothGrounds('secrets and journal', (ground) => {
  async function aKeyring(same?: { address: GroundAddress; clock: MovableClock }) {
    const address = same?.address ?? (await anAddress(ground, { migrated: false }))
    const clock = same?.clock ?? movableClock()
    const keyring = await openKeyring({ address, clock, installationKeys: { current: master } })
    onTestFinished(() => keyring.close())
    return { keyring, address, clock }
  }

  test('a secret is the same for everybody who asks first, and differs by name', async () => {
    const address = await anAddress(ground, { migrated: false })
    const asked = JSON.stringify([address, masterText, 'links'])
    const runs = await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, [program, asked])))
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1)
    const clock = movableClock()
    const { keyring: one } = await aKeyring({ address, clock })
    const { keyring: two } = await aKeyring({ address, clock })
    expect(Buffer.from(await one.secret('links')).toString('hex')).toBe(runs[0]?.stdout)
    expect(runs[0]?.stdout).toMatch(/^[0-9a-f]{64}$/)
    const hash = await one.keyedHash('address-index', 'ada@example.org')
    expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await two.keyedHash('address-index', 'ada@example.org')).toBe(hash)
    expect(await two.keyedHash('links', 'ada@example.org')).not.toBe(hash)
    expect(await two.keyedHash('address-index', 'bob@example.org')).not.toBe(hash)
  })

  test('the journal keeps its order, and takes no content', async () => {
    const { keyring, address, clock } = await aKeyring()
    const { keyring: elsewhere } = await aKeyring({ address, clock })
    const hash = await keyring.keyedHash('address-index', 'ada@example.org')
    const thing = newId('generation', 1)
    const recorded = Array.from({ length: 20 }, (_, i) =>
      (i % 2 && ground === 'postgres' ? elsewhere : keyring).record({
        kind: 'deletion',
        thing,
        detail: { count: i },
      }),
    )
    expect((await Promise.all(recorded)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    expect(
      await keyring.record({ kind: 'unsubscription', hash, detail: { purpose: 'news', lifted: false } }),
    ).toBe(21)
    expect(await elsewhere.journalSince(20)).toEqual([
      { seq: 21, at: clock.now(), kind: 'unsubscription', hash, detail: { purpose: 'news', lifted: false } },
    ])
    expect(await elsewhere.journalSince(0, 3)).toHaveLength(3)
    for (const wrong of [
      { kind: 'gossip', thing },
      { kind: 'ban' },
      { kind: 'ban', thing: 'ada@example.org' },
      { kind: 'ban', hash: 'ada@example.org' },
      { kind: 'ban', thing, detail: { name: 'Ada' } },
      { kind: 'ban', thing, detail: { ground: 'she wrote rude words' } },
      { kind: 'ban', thing, detail: { until: Number.NaN } },
      { kind: 'ban', thing, detail: { scope: ['x'] } },
    ]) {
      await expect(keyring.record(wrong as never)).rejects.toThrow(RangeError)
    }
  })
})
