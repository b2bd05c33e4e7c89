/**
 * Pins, for what is stored encrypted (promise S2): a text, a file or a secret that lies in the clear in its column, and a
 * person's words that lie raw anywhere else, in whatever spelling.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { sealProviderSecret } from '#app/studio/providers/registry.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { system } from '#core/actor.ts'
import { aPromiseBed, logDay, type PromiseBed } from '#test/factories/promises.ts'
import { aRemoteModel } from '#test/factories/remote.ts'
import { onBothGrounds } from '#test/grounds.ts'

onBothGrounds('what is stored encrypted', (dialect) => {
  let bed: PromiseBed
  let { look, write, raw, call, house, ana } = {} as PromiseBed
  beforeEach(async () => {
    bed = await aPromiseBed(dialect)
    ;({ look, write, raw, call, house, ana } = bed)
  })

  test.each([
    ['generation', 'prompt_sealed'],
    ['generation', 'texts_sealed'],
    ['subject', 'name_sealed'],
    ['subject', 'email_sealed'],
    ['api_key', 'name_sealed'],
    ['mail', 'to_sealed'],
    ['mail', 'content_sealed'],
  ])('S2 breaks for a text in the clear in %s.%s', async (table, column) => {
    await aReadyVideo(house, ana.id)
    expect(await look('S2')).toMatchObject({ state: 'kept', texts_opened: 9, files_opened: 3 })
    await raw(sql`update ${sql.table(table)} set ${sql.ref(column)} = 'A boat.'`)
    expect(await look('S2')).toMatchObject({ state: 'broken', not_sealed_in: `${table}.${column}` })
  })

  test('S2 breaks for a reason in the clear, and for a provider’s key', async () => {
    const note = 'Her letter of 3 May'
    const entry = await prepareEntry(house, { actor: system('test'), act: 'person.unmasked', note })
    await write((tx) => appendAudit(tx, { ...entry, note_sealed: note }))
    expect(await look('S2')).toMatchObject({ state: 'broken', not_sealed_in: 'audit.note_sealed' })
    bed = await aPromiseBed(dialect)
    await aRemoteModel(bed.house)
    const keep = (id: string, key_sealed: string) =>
      bed.write((tx) =>
        tx.updateTable('provider_connection').set({ key_sealed }).where('id', '=', id).execute(),
      )
    for (const id of ['one', 'two'])
      await keep(id, await sealProviderSecret(bed.house, id, 'key_sealed', 'sk-123'))
    expect(await bed.look('S2')).toMatchObject({ state: 'kept', secrets_opened: 2 })
    await keep('two', 'sk-123')
    expect(await bed.look('S2')).toMatchObject({ state: 'broken', secrets_not_sealed: 1 })
  })

  test('S2 breaks for a file in the clear', async () => {
    const { id } = await aReadyVideo(house, ana.id)
    await house.objects.put(`generations/${id}/poster`, pieces(randomBytes(500)))
    expect(await look('S2')).toMatchObject({ state: 'broken', files_not_sealed: 1 })
  })

  test('S2 breaks for each of the canary’s texts that lies raw in a column, a log, or the scratch folder', async () => {
    const { kinds } = await bed.ground.canaryMarkers()
    expect(Object.keys(kinds)).toHaveLength(7)
    expect(new Set(Object.values(kinds)).size).toBe(7)
    for (const [kind, marker] of Object.entries(kinds)) {
      await call({ method: `x${marker}y` })
      expect(await look('S2')).toMatchObject({
        state: 'broken',
        markers_found_in: expect.stringContaining(dialect === 'sqlite' ? 'database' : 'api_request'),
        markers_found: kind,
      })
      await write((tx) => tx.deleteFrom('api_request').execute())
      if (dialect === 'sqlite') await raw(sql`pragma wal_checkpoint(truncate)`)
      expect((await look('S2')).state).toBe('kept')
    }
    await mkdir(bed.ground.folders.scratch, { recursive: true })
    await writeFile(
      join(bed.ground.folders.scratch, 'prompt.txt'),
      Buffer.concat([randomBytes(5_000_000), Buffer.from(`${kinds.prompt}`)]),
    )
    await writeFile(join(bed.ground.folders.logs, logDay(house.clock.now())), `{"msg":"${kinds.name}"}`)
    expect(await look('S2')).toMatchObject({
      state: 'broken',
      markers_found_in: 'logs, scratch',
      markers_found: 'name, prompt',
    })
  })

  test('S2 breaks for a raw text in a copy of the database, wherever in the data folder it lies', async () => {
    const { kinds } = await bed.ground.canaryMarkers()
    const { dataDir } = house.config
    await mkdir(join(dataDir, 'backups', 'monday'), { recursive: true })
    for (const path of ['copy.sqlite', 'backups/monday/house.sql', 'dumps.bin']) {
      await writeFile(join(dataDir, path), `insert into subject values ('${kinds.name}')`)
      expect(await look('S2'), path).toMatchObject({ state: 'broken', markers_found_in: 'data folder' })
      await rm(join(dataDir, path))
      expect((await look('S2')).state).toBe('kept')
    }
  })

  test('S2 finds a text in every spelling: base64 at any place, hex, percent', async () => {
    const { kinds } = await bed.ground.canaryMarkers()
    const text = `A canary sings ${kinds.prompt} at dawn`
    for (const spelled of [
      ...[0, 1, 2].map((at) => Buffer.from('x'.repeat(at) + text).toString('base64')),
      Buffer.from(text).toString('base64url'),
      Buffer.from(text).toString('hex'),
      encodeURIComponent(text),
      Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '%$&'),
    ]) {
      await writeFile(join(bed.ground.folders.logs, 'other.log'), `{"msg":"${spelled}"}`)
      expect(await look('S2'), spelled).toMatchObject({ state: 'broken', markers_found: 'prompt' })
    }
    await writeFile(join(bed.ground.folders.logs, 'other.log'), `${kinds.prompt?.slice(1)}`)
    expect((await look('S2')).state).toBe('kept')
  })

  if (dialect === 'postgres')
    test('S2 breaks for a raw text in a job of the queue', async () => {
      const { kinds } = await bed.ground.canaryMarkers()
      await raw(sql`create schema other`)
      await raw(sql`create table other.job (payload jsonb)`)
      await raw(sql`insert into other.job values (jsonb_build_object('prompt', ${kinds.prompt}::text))`)
      expect(await look('S2')).toMatchObject({ state: 'broken', markers_found_in: 'other.job' })
    })
})

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
