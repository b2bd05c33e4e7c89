/**
 * Pins: words a person or provider wrote into a file that are still there afterwards; a sound with a cover picture; a web
 * page or playlist taken for a clip; a file that no browser plays delivered as it came.
 */
import { execFile } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { fixture } from '#test/factories/provider-job.ts'
import { aFolder } from '#test/grounds.ts'
import { acceptClip, acceptSound, deliverable } from './clip.ts'
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
  const path = await tagged(fixture.result, 'odd.webm', ['-c:v', 'libvpx', '-c:a', 'libopus'])
  const out = join(await aFolder(), 'out.mp4')
  await deliverable(tools, path, await probe(tools, path), out)
  expect(await probe(tools, out)).toMatchObject({
    videoCodec: 'h264',
    audioCodec: 'aac',
    pixelFormat: 'yuv420p',
  })
})

async function frames(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-'],
  ])
  return stdout.replace(/^#.*$/gm, '')
}
