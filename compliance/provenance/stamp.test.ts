/**
 * Failures this pins: a stamp that only its own engine accepts; a stamp that survives an edit; a video that changed while
 * it was stamped; a source's manifest that was dropped, or whose tampering was laundered by stamping over it; a failed
 * stamp that leaves an empty or unstamped file to be delivered; a file name, path or mail address inside a public manifest.
 */
import { copyFile, link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, movableClock, systemClock } from '#core/clock/clock.ts'
import { validate } from '#test/independent-validator/validate.ts'
import type { Authority } from './authority.ts'
import { openEngine, type ProvenanceEngine } from './engine.ts'
import type { EngineName } from './engine-messages.ts'
import { stamp, trialStamp } from './stamp.ts'
import { decodedMd5, statement, tampered, temporaryFolder, testAuthority, tinyVideo } from './testing.ts'

const names: readonly EngineName[] = ['native', 'wasm']
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let authority: Authority
let video: string
let engines: Record<EngineName, ProvenanceEngine>

const at = (name: string) => join(folder.path, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  authority = await testAuthority(at('keys'))
  video = await tinyVideo(at('video.mp4'))
  const roots = [authority.rootPem]
  const [native, wasm] = await Promise.all(names.map((setting) => openEngine({ setting, roots })))
  engines = { native, wasm } as typeof engines
})

afterAll(async () => {
  await Promise.all(names.map((name) => engines[name].close()))
  await folder.remove()
})

describe.each(names)('a video stamped by the %s engine', (name) => {
  const outPath = () => at(`${name}.mp4`)
  let bytes: Buffer

  beforeAll(async () => {
    const stamped = await stamp(engines[name], authority, { ...statement, inPath: video, outPath: outPath() })
    expect(stamped).toMatchObject({ engine: name, state: 'Trusted', parent: null })
    expect(stamped.certFingerprint).toBe((await authority.leaf()).fingerprint)
    bytes = await readFile(outPath())
    expect(bytes.includes(Buffer.from(stamped.manifestBytes))).toBe(true)
  })

  test.each(names)('is ours and unchanged to the %s engine', async (reader) => {
    expect(await engines[reader].read(outPath())).toMatchObject({
      integrity: 'unchanged',
      found: 'embedded',
      state: 'Trusted',
      signer: { trusted: 'ours', organisation: 'video.example.org' },
      source: 'algorithmic',
      softwareAgent: { name: 'Built-in renderer', version: '1.0' },
      generator: { name: 'Fairframe' },
      actions: [{ action: 'c2pa.created', when: '2026-11-20T09:30:00.000Z' }],
      trainingAllowed: false,
      generation: { publicId: statement.publicId, verifyUrl: statement.verifyUrl },
      madeFrom: [],
      problems: [],
    })
  })

  test('is valid to an implementation that shares no code with either', async () => {
    expect(await validate(outPath())).toMatchObject({ valid: true })
  })

  test('shows the same frames as before', async () => {
    expect(await decodedMd5(outPath())).toBe(await decodedMd5(video))
  })

  test.each([
    ['the pictures', 'mdat', 40],
    ['the index', 'mvhd', 20],
    ['what is stated', statement.publicId, 2],
    ['the signature', Buffer.from('f65840', 'hex'), 20],
  ])('is rejected by everybody once a bit of %s is changed', async (_, mark, after) => {
    const path = at(`${name}-tampered.mp4`)
    await writeFile(path, tampered(bytes, mark, after))
    for (const reader of names) {
      const report = await engines[reader].read(path)
      expect(report.integrity).toBe('changed')
      expect(report.state).toBe('Invalid')
      expect(report.problems).not.toEqual([])
    }
    expect((await validate(path)).valid).toBe(false)
  })

  test('of a trained model discloses the model, and what it was made from', async () => {
    const model = { name: 'Aurora', version: '2.1', kind: 'trained' } as const
    const madeFrom = [
      { kind: 'picture', format: 'image/png' },
      { kind: 'clip', format: 'video/mp4' },
      { kind: 'sound', format: 'audio/mpeg' },
      { kind: 'own_video' },
    ] as const
    const input = { ...statement, model, madeFrom, trainingAllowed: true }
    const path = at(`${name}-trained.mp4`)
    await stamp(engines[name], authority, { ...input, inPath: video, outPath: path })
    const report = await engines[name].read(path)
    expect(report).toMatchObject({
      source: 'trained',
      softwareAgent: { name: 'Aurora' },
      trainingAllowed: true,
    })
    expect(report.madeFrom).toMatchObject(
      ['Reference image', 'Reference video', 'Reference audio', 'Earlier video'].map((title) => ({
        title,
        relationship: 'inputTo',
        hasManifest: false,
      })),
    )
    expect(report.problems).toEqual([])
    expect(await validate(path)).toMatchObject({ valid: true })
    expect((await readFile(path)).includes('c2pa.ai-disclosure')).toBe(true)
    expect(bytes.includes('c2pa.ai-disclosure')).toBe(false)
  })

  test('keeps the manifest that the file came with', async () => {
    const path = at(`${name}-again.mp4`)
    const again = await stamp(engines[name], authority, { ...statement, inPath: outPath(), outPath: path })
    expect(again.parent).toMatchObject({ integrity: 'unchanged' })
    expect(await engines[name].read(path)).toMatchObject({
      source: 'algorithmic',
      softwareAgent: { name: 'Built-in renderer' },
      actions: [{ action: 'c2pa.opened' }, { action: 'c2pa.published' }],
      madeFrom: [{ title: 'Original video', relationship: 'parentOf', hasManifest: true }],
      problems: [],
    })
    expect((await readFile(path)).includes(again.parent?.manifestLabel ?? '-')).toBe(true)
    expect((await validate(path)).valid).toBe(true)
  })

  test('keeps the manifest of the original that another tool dropped, and says what was done since', async () => {
    const path = at(`${name}-repackaged.mp4`)
    const original = { path: outPath(), since: 'repackaged' } as const
    const input = { ...statement, inPath: video, outPath: path, original }
    expect((await stamp(engines[name], authority, input)).parent).toMatchObject({ integrity: 'unchanged' })
    expect(await engines[name].read(path)).toMatchObject({
      actions: [{ action: 'c2pa.opened' }, { action: 'c2pa.repackaged' }, { action: 'c2pa.published' }],
      madeFrom: [{ title: 'Original video', relationship: 'parentOf', hasManifest: true }],
      problems: [],
    })
    expect(await validate(path)).toMatchObject({ valid: true })
  })

  test('over a tampered file does not launder it', async () => {
    const parent = at(`${name}-parent.mp4`)
    await writeFile(parent, tampered(bytes, 'mdat', 40))
    const path = at(`${name}-child.mp4`)
    const stamped = await stamp(engines[name], authority, { ...statement, inPath: parent, outPath: path })
    expect(stamped.parent?.integrity).toBe('changed')
    for (const reader of names) {
      const report = await engines[reader].read(path)
      expect(report.integrity).toBe('unchanged')
      expect(report.problems).toContainEqual({
        where: ['Original video'],
        code: 'assertion.bmffHash.mismatch',
        kind: 'integrity',
      })
    }
  })

  test('carries no name, path or address from this server', async () => {
    const markers = ['MARK-a-folder', 'MARK-cat on a bicycle', 'mark@example.net']
    const inside = at('MARK-a-folder')
    await mkdir(inside, { recursive: true })
    const inPath = join(inside, 'MARK-cat on a bicycle mark@example.net.mp4')
    await copyFile(video, inPath)
    const first = join(inside, `mark@example.net ${name}.mp4`)
    const one = await stamp(engines[name], authority, { ...statement, inPath, outPath: first })
    const two = await stamp(engines[name], authority, {
      ...statement,
      inPath: first,
      outPath: at(`${name}-private.mp4`),
    })
    for (const signed of [
      one.manifestBytes,
      two.manifestBytes,
      await readFile(first),
      await readFile(at(`${name}-private.mp4`)),
    ]) {
      for (const marker of [...markers, folder.path]) expect(Buffer.from(signed).includes(marker)).toBe(false)
    }
  })

  test('passes its self-test on a picture', async () => {
    await trialStamp(engines[name], authority, systemClock.now())
  })
})

test('another server’s stamp is intact, by an unknown signer', async () => {
  const other = await testAuthority(at('other-keys'), { host: 'video.example.org' })
  const engine = await openEngine({ setting: 'native', roots: [other.rootPem] })
  await stamp(engine, other, { ...statement, inPath: video, outPath: at('foreign.mp4') }).finally(() =>
    engine.close(),
  )
  for (const reader of names) {
    const report = await engines[reader].read(at('foreign.mp4'))
    expect(report).toMatchObject({ integrity: 'unchanged', state: 'Valid', signer: { trusted: 'unknown' } })
    expect(report.problems).toEqual([{ where: [], code: 'signingCredential.untrusted', kind: 'signer' }])
  }
})

test('what both of two successive certificates signed stays ours', async () => {
  const clock = movableClock(systemClock.now() - 400 * DAY)
  const aging = await testAuthority(at('aging-keys'), { clock })
  const engine = await openEngine({ setting: 'native', roots: [aging.rootPem] })
  try {
    const before = await stamp(engine, aging, { ...statement, inPath: video, outPath: at('before.mp4') })
    clock.advance(400 * DAY)
    const after = await stamp(engine, aging, { ...statement, inPath: video, outPath: at('after.mp4') })
    expect(after.certFingerprint).not.toBe(before.certFingerprint)
    for (const file of ['before.mp4', 'after.mp4']) {
      expect((await engine.read(at(file))).signer?.trusted).toBe('ours')
    }
  } finally {
    await engine.close()
  }
})

describe('nothing is left behind', () => {
  const outPath = () => at('out/never.mp4')
  beforeAll(() => mkdir(at('out'), { recursive: true }))

  test('when the key is somebody else’s', async () => {
    const other = await testAuthority(at('other-keys'))
    const attempt = stamp(engines.native, other, { ...statement, inPath: video, outPath: outPath() })
    await expect(attempt).rejects.toMatchObject({ code: 'provenance_not_trusted' })
    expect(await readdir(at('out'))).toEqual([])
  })

  test.each(names)('when the signer fails under the %s engine', async (name) => {
    const leaf = {
      ...(await authority.leaf()),
      sign: () => Promise.reject(new Error('the key store is down')),
    }
    const broken = { ...authority, leaf: async () => leaf }
    const attempt = stamp(engines[name], broken, { ...statement, inPath: video, outPath: outPath() })
    await expect(attempt).rejects.toMatchObject({ code: 'provenance_failed' })
    expect(await readdir(at('out'))).toEqual([])
  })

  test.each(names)('when the certificate has expired, under the %s engine', async (name) => {
    const clock = movableClock(systemClock.now() - 4000 * DAY)
    const late = await testAuthority(at('late-keys'), { clock })
    const engine = await openEngine({ setting: name, roots: [late.rootPem] })
    const attempt = stamp(engine, late, { ...statement, inPath: video, outPath: outPath() }).finally(() =>
      engine.close(),
    )
    await expect(attempt).rejects.toMatchObject({
      code: expect.stringMatching(/^provenance_(failed|not_trusted)$/),
    })
    expect(await readdir(at('out'))).toEqual([])
  })

  test('when the file is none that can carry a manifest', async () => {
    await writeFile(at('text.mp4'), 'not a video at all')
    const attempt = stamp(engines.native, authority, {
      ...statement,
      inPath: at('text.mp4'),
      outPath: outPath(),
    })
    await expect(attempt).rejects.toMatchObject({ code: 'provenance_format' })
    expect(await readdir(at('out'))).toEqual([])
  })

  test('when the file’s own manifest is damaged beyond reading', async () => {
    const bytes = await readFile(at('native.mp4'))
    await writeFile(at('damaged.mp4'), tampered(bytes, 'jumdc2pa', 1))
    const attempt = stamp(engines.native, authority, {
      ...statement,
      inPath: at('damaged.mp4'),
      outPath: outPath(),
    })
    await expect(attempt).rejects.toMatchObject({ code: 'provenance_unreadable' })
    expect(await readdir(at('out'))).toEqual([])
  })
})

test('a file is never stamped into itself, nor into a second name of itself', async () => {
  const before = await readFile(video)
  await link(video, at('second-name.mp4'))
  for (const outPath of [video, at('second-name.mp4')]) {
    const attempt = stamp(engines.native, authority, { ...statement, inPath: video, outPath })
    await expect(attempt).rejects.toThrow('into itself')
  }
  expect(await readFile(video)).toEqual(before)
})
