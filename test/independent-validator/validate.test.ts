/** Failures this pins: a validator that says valid to a changed file, or whose answer a script cannot see. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngine } from '#compliance/provenance/engine.ts'
import { stamp } from '#compliance/provenance/stamp.ts'
import {
  run,
  statement,
  tampered,
  temporaryFolder,
  testAuthority,
  tinyVideo,
} from '#compliance/provenance/testing.ts'

const program = join(import.meta.dirname, 'validate.ts')
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (name: string) => join(folder.path, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  const authority = await testAuthority(at('keys'))
  const engine = await openEngine({ setting: 'auto', roots: [authority.rootPem] })
  const inPath = await tinyVideo(at('plain.mp4'))
  await stamp(engine, authority, { ...statement, inPath, outPath: at('stamped.mp4') }).finally(() =>
    engine.close(),
  )
  await writeFile(at('changed.mp4'), tampered(await readFile(at('stamped.mp4')), 'mdat', 40))
})

afterAll(() => folder.remove())

test('a stamped video is valid: exit code 0', async () => {
  const { stdout } = await run(process.execPath, [program, at('stamped.mp4')])
  expect(stdout).toMatch(/^valid .*claimSignature\.validated.*assertion\.bmffHash\.match/)
})

test.each([
  ['a changed video', 'changed.mp4', 'invalid assertion.bmffHash.mismatch\n'],
  ['a video without a stamp', 'plain.mp4', 'invalid manifest.missing\n'],
  ['a file that is not there', 'absent.mp4', ''],
])('%s is not: exit code 1', async (_, name, stdout) => {
  await expect(run(process.execPath, [program, at(name)])).rejects.toMatchObject({ code: 1, stdout })
})
