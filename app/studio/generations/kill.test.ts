/**
 * Pins: a worker killed with SIGKILL at any commit, before or after it, or between stored files, that leaves a generation
 * half done, a hold that never ends, credits taken twice, or plain frames on the disk.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { discrepancies } from '#app/billing/ledger/ledger.queries.ts'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { migrateHouse } from '#app/migrate-house.ts'
import { openHouse, wipeScratch } from '#app/open-house.ts'
import { loadConfig } from '#core/config/config.ts'
import { createLog } from '#core/log/log.ts'
import { makeFixture } from '#test/doubles/provider.ts'
import { aPerson } from '#test/factories/house.ts'
import { aFolder, anAddress, onBothGrounds } from '#test/grounds.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'

const program = fileURLToPath(new URL('../../../test/programs/run-generation.ts', import.meta.url))
const run = promisify(execFile)
const log = createLog({ level: 'silent' })

let folder: string
let fixture: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairframe-fixture-'))
  fixture = await makeFixture(join(folder, 'second.mp4'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

onBothGrounds('a killed worker', (ground) => {
  test('at every commit: the next one goes on, and all is paid and made once', async () => {
    const dataDir = await aFolder()
    const database = await anAddress(ground, { migrated: false })
    const config = { ...loadConfig({ DATA_DIR: dataDir }), database }
    await mkdir(join(dataDir, 'scratch'), { recursive: true })
    await migrateHouse(config, log)
    const house = await openHouse({ config, log })
    onTestFinished(() => house.close())
    const person = await aPerson(house, { credits: 1000 })
    const start = () =>
      compose(
        house,
        { subject: person.id, apiKey: null },
        { model: 'storyboard', prompt: 'A storm.', seconds: 2, resolution: '480p', seed: 1 },
      )
    const worker = (job: object) =>
      run(process.execPath, [program, JSON.stringify({ dataDir, database, fixture, ...job })])

    const whole = JSON.parse((await worker({ generation: await start() })).stdout)
    expect(whole).toMatchObject({ submitted: 1, puts: 3 })
    expect(whole.commits).toBeGreaterThanOrEqual(5)
    const kills = [
      ...Array.from({ length: whole.commits }, (_, i) => ({ killAt: i + 1, when: 'after' })),
      // A kill before a commit leaves what the one after the commit before left; one of each kind suffices.
      ...[1, whole.commits - 1, whole.commits].map((killAt) => ({ killAt, when: 'before' })),
      ...[1, 3].map((killPut) => ({ killPut })),
    ]
    let made = 1
    for (const kill of ground === 'sqlite' ? kills : kills.filter((_, i) => i % 3 === 1)) {
      const generation = await start()
      await expect(worker({ generation, ...kill }), JSON.stringify(kill)).rejects.toMatchObject({
        signal: 'SIGKILL',
      })
      await wipeScratch(config)
      await worker({ generation })
      made += 1
      expect(await queries.anyGeneration(house.db.read, generation), JSON.stringify(kill)).toMatchObject({
        state: 'ready',
      })
      expect(await balanceOf(house.db.read, person.id)).toMatchObject({ balance: 1000 - made, held: 0 })
      expect(await queries.assetsOf(house.db.read, [generation])).toHaveLength(3)
      const stamps = house.db.read
        .selectFrom('stamp')
        .select('asset_id')
        .where('generation_id', '=', generation)
      expect(await stamps.execute()).toHaveLength(3)
      expect(await readdir(join(dataDir, 'scratch'))).toEqual([])
    }
    expect(await discrepancies(house.db.read)).toEqual({ sumOfEntries: 0, wrongBalances: 0, wrongHolds: 0 })
    const attempts = await house.db.read.selectFrom('attempt').select('generation_id').execute()
    expect(attempts).toHaveLength(made)
    const stored: string[] = []
    for await (const { key } of house.objects.list('generations/')) stored.push(key)
    expect(stored).toHaveLength(3 * made)
  }, 900_000)
})
