/**
 * Pins: words a person or provider wrote into a file that are still there afterwards; a sound with a cover picture; a web
 * page or playlist taken for a clip; a file that no browser plays delivered as it came; one that broke off taken for whole.
 */
import { execFile } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { fixture } from '#test/factories/provider-job.ts'
import { aFolder } from '#test/grounds.ts'
import { acceptClip, acceptSound, deliverable, isCutShort } from './clip.ts'
import { findMediaTools } from './find.ts'
import { probe } from './probe.ts'
import type { MediaTools } from './run.ts'

let tools: MediaTools
beforeAll(async () => {
  const found = await findMediaTools(process.env)
  if ('missing' in found) throw new Error('The tests need ffmpeg')
  tools = found
})

const secret = 'Ottilie writes this'
async function tagged(from: string, name: string, more: string[] = []): Promise<string> {
  const path = join(await aFolder(), name)
  await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-i', from, ...(more.length > 0 ? more : ['-c', 'copy'])],
    ...['-metadata', `comment=${secret}`, '-metadata', `title=${secret}`, path],
  ])
  expect((await readFile(path)).includes(secret)).toBe(true)
  return path
}

test('a clip comes out decoded and encoded anew, without a word of what was written into it', async () => {
  const out = join(await aFolder(), 'out.mp4')
  const facts = await acceptClip(tools, await tagged(fixture.clip, 'in.mp4'), out)
  expect(facts).toMatchObject({
    width: 640,
    height: 360,
    videoCodec: 'h264',
    audioCodec: 'aac',
    faststart: true,
  })
  expect(facts.durationMs).toBeGreaterThan(2900)
  expect((await readFile(out)).includes(secret)).toBe(false)
})

test('a sound comes out as MP3 without its words and its cover', async () => {
  const out = join(await aFolder(), 'out.mp3')
  const facts = await acceptSound(tools, await tagged(fixture.sound, 'in.wav'), out)
  expect(facts.durationMs).toBeGreaterThan(2900)
  expect((await readFile(out)).includes(secret)).toBe(false)
})

test('what is no clip or sound is refused with a sentence', async () => {
  const folder = await aFolder()
  const page = join(folder, 'page.mp4')
  await writeFile(page, '<!doctype html><title>no</title>')
  await expect(acceptClip(tools, page, join(folder, 'a.mp4'))).rejects.toMatchObject({ code: 'media_failed' })
  await expect(acceptSound(tools, page, join(folder, 'a.m4a'))).rejects.toMatchObject({
    code: 'media_failed',
  })
  const picture = join(folder, 'picture.mp3')
  await copyFile(fixture.picture, picture)
  await expect(acceptSound(tools, picture, join(folder, 'b.m4a'))).rejects.toMatchObject({
    code: 'media_failed',
  })
})

test("a provider's video keeps its pictures bit by bit, and loses what was written beside them", async () => {
  const path = await tagged(fixture.result, 'from-comfy.mp4')
  const out = join(await aFolder(), 'out.mp4')
  await deliverable(tools, path, await probe(tools, path), out)
  expect((await readFile(out)).includes(secret)).toBe(false)
  expect(await frames(out)).toBe(await frames(path))
  expect((await probe(tools, out)).faststart).toBe(true)
})

test('what a browser cannot play is encoded anew', async () => {
  const path = await tagged(fixture.result, 'odd.webm', ['-c:v', 'libvpx', '-c:a', 'libopus', '-t', '1'])
  const out = join(await aFolder(), 'out.mp4')
  await deliverable(tools, path, await probe(tools, path), out)
  expect(await probe(tools, out)).toMatchObject({
    videoCodec: 'h264',
    audioCodec: 'aac',
    pixelFormat: 'yuv420p',
  })
})

test('a file that broke off is told from a whole one by its boxes, which the tools are silent about', async () => {
  const folder = await aFolder()
  const whole = await readFile(fixture.result)
  const at = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return path
  }
  expect(await isCutShort(fixture.result)).toBe(false)
  for (const share of [0.3, 0.9, 0.999])
    expect(await isCutShort(await at('cut.mp4', whole.subarray(0, whole.length * share))), `${share}`).toBe(
      true,
    )
  expect(await isCutShort(await at('more.mp4', Buffer.concat([whole, Buffer.alloc(100)])))).toBe(false)
  expect(await isCutShort(await tagged(fixture.result, 'a.webm', ['-c:v', 'libvpx', '-an', '-t', '1']))).toBe(
    false,
  )
  // A box may say that it goes on to the end, or have its size in 64 bits.
  const mdat = whole.indexOf('mdat') - 4
  const open = Buffer.from(whole)
  open.writeUInt32BE(0, mdat)
  expect(await isCutShort(await at('open.mp4', open))).toBe(false)
  const long = Buffer.concat([whole.subarray(0, mdat), Buffer.alloc(16), whole.subarray(mdat + 8)])
  long.writeUInt32BE(1, mdat)
  long.write('mdat', mdat + 4, 'latin1')
  long.writeBigUInt64BE(BigInt(whole.length - mdat + 8), mdat + 8)
  expect(await isCutShort(await at('long.mp4', long))).toBe(false)
  expect(await isCutShort(await at('long-cut.mp4', long.subarray(0, -100)))).toBe(true)
  expect(await isCutShort(await at('page.mp4', Buffer.from('<!doctype html><title>no</title>')))).toBe(false)
})

async function frames(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-'],
  ])
  return stdout.replace(/^#.*$/gm, '')
}
