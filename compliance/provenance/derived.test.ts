/**
 * Failures this pins: a file that was encoded anew and does not say so, or says so in a way that readers take for a forgery; a
 * poster or preview that nobody can tell where it came from.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { validate } from '#test/independent-validator/validate.ts'
import type { Authority } from './authority.ts'
import { openEngine, type ProvenanceEngine } from './engine.ts'
import type { EngineName } from './engine-messages.ts'
import { stamp } from './stamp.ts'
import { run, statement, temporaryFolder, testAuthority, tinyVideo } from './testing.ts'

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

describe.each(names)('what the %s engine stamps', (name) => {
  test('after it was encoded anew says so without a parent too, and holds for everybody', async () => {
    const path = at(`${name}-converted.mp4`)
    const original = { path: video, since: 'transcoded' } as const
    await stamp(engines[name], authority, { ...statement, inPath: video, outPath: path, original })
    for (const reader of names)
      expect(await engines[reader].read(path)).toMatchObject({
        state: 'Trusted',
        actions: [{ action: 'c2pa.created' }, { action: 'c2pa.converted' }],
        problems: [],
      })
    expect(await validate(path)).toMatchObject({ valid: true })
  })

  test('as the poster or preview of a stamped video leads back to it', async () => {
    const stamped = at(`${name}.mp4`)
    await stamp(engines[name], authority, { ...statement, inPath: video, outPath: stamped })
    const original = { path: stamped, since: 'transcoded' } as const
    for (const [file, ...still] of [['poster.webp', '-frames:v', '1'], ['preview.mp4']] as const) {
      const [plain, path] = [at(`${name}-plain-${file}`), at(`${name}-${file}`)]
      await run('ffmpeg', ['-v', 'error', '-y', '-i', video, ...still, plain])
      await stamp(engines[name], authority, { ...statement, inPath: plain, outPath: path, original })
      for (const reader of names)
        expect(await engines[reader].read(path)).toMatchObject({
          state: 'Trusted',
          source: 'algorithmic',
          actions: [{ action: 'c2pa.opened' }, { action: 'c2pa.transcoded' }, { action: 'c2pa.published' }],
          madeFrom: [{ title: 'Original video', relationship: 'parentOf', hasManifest: true }],
          problems: [],
        })
    }
    expect(await validate(at(`${name}-preview.mp4`))).toMatchObject({ valid: true })
  })
})
