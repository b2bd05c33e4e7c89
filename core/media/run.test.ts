// Failures these tests pin:
// - a child that outlives an abort and goes on using a core and a disk;
// - a producer that fails while the child waits for it, and both wait for ever;
// - a playlist given as a video that makes ffmpeg open other files or addresses;
// - a full disk taken for a broken file, or for success;
// - file names and ffmpeg's chatter in what a person sees.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAppError } from '#core/errors/errors.ts'
import { findMediaTools } from './find.ts'
import { fileAddress, type MediaTools, runMedia } from './run.ts'

let tools: MediaTools
let folder: string

beforeAll(async () => {
  const found = await findMediaTools(process.env)
  if ('missing' in found) throw new Error('these tests need ffmpeg and ffprobe')
  tools = found
  folder = await mkdtemp(join(tmpdir(), 'run-test-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error) => error,
  )

const endless = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=30', '-f', 'null', '-']

test('the tools are found on PATH, and what is not there is named', async () => {
  expect(await findMediaTools({ PATH: process.env.PATH })).toMatchObject({
    version: expect.stringMatching(/^\S+$/),
  })
  expect(await findMediaTools({ PATH: folder })).toEqual({ missing: ['ffmpeg', 'ffprobe'] })
  expect(await findMediaTools({ PATH: process.env.PATH, FFMPEG_PATH: join(folder, 'none') })).toEqual({
    missing: ['ffmpeg'],
  })
})

test('an aborted run ends its child before it rejects', async () => {
  const abort = new AbortController()
  const out = join(folder, 'aborted.yuv')
  const pids: number[] = []
  async function* frames() {
    const frame = new Uint8Array(64 * 64)
    for (let i = 0; ; i++) {
      if (i === 20) {
        pids.push(...(await processesNaming(out)))
        abort.abort(new Error('enough'))
      }
      yield frame
    }
  }
  const args = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    '-s',
    '64x64',
    '-i',
    'pipe:0',
    '-f',
    'rawvideo',
    fileAddress(out),
  ]
  await expect(runMedia(tools, 'ffmpeg', args, { signal: abort.signal, stdin: frames() })).rejects.toThrow(
    'enough',
  )
  expect(pids.length).toBeGreaterThan(0)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('a run that was aborted before it began starts nothing', async () => {
  await expect(
    runMedia(tools, 'ffmpeg', endless, { signal: AbortSignal.abort(new Error('no')) }),
  ).rejects.toThrow('no')
})

test('a run that takes too long is stopped and says so', async () => {
  expect(await rejection(runMedia(tools, 'ffmpeg', ['-re', ...endless], { timeoutMs: 300 }))).toMatchObject({
    code: 'media_timeout',
  })
})

test('a producer that fails ends the run with its own error', async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first piece
  async function* broken(): AsyncGenerator<Uint8Array> {
    throw new Error('no more paint')
  }
  const args = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', '64x64', '-i', 'pipe:0', '-f', 'null', '-']
  await expect(runMedia(tools, 'ffmpeg', args, { stdin: broken() })).rejects.toThrow('no more paint')
})

test('a program that is not there is a service error, not a crash', async () => {
  const gone = { ffmpeg: join(folder, 'ffmpeg'), ffprobe: join(folder, 'ffprobe') }
  expect(await rejection(runMedia(gone, 'ffmpeg', endless))).toMatchObject({
    code: 'ffmpeg_missing',
    status: 503,
  })
})

test('what ffmpeg says stays in the cause', async () => {
  const path = join(folder, 'secret-name.mp4')
  await writeFile(path, 'not a video')
  const error = await rejection(runMedia(tools, 'ffmpeg', ['-i', fileAddress(path), '-f', 'null', '-']))
  if (!isAppError(error)) throw error
  expect(error.code).toBe('media_failed')
  expect(JSON.stringify(error.sentence) + error.message).not.toContain('secret-name')
  expect(String((error.cause as Error).message)).toContain('secret-name')
})

test('a playlist cannot make the child reach the network', async () => {
  const path = join(folder, 'list.m3u8')
  await writeFile(path, '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n')
  const error = await rejection(runMedia(tools, 'ffmpeg', ['-i', fileAddress(path), '-f', 'null', '-']))
  expect(error).toMatchObject({ code: 'media_failed' })
})

test('an output that grows past its limit fails', async () => {
  const path = join(folder, 'large.yuv')
  const args = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=320x240:r=30',
    '-t',
    '3',
    '-f',
    'rawvideo',
    fileAddress(path),
  ]
  const output = { path, maxBytes: 1_000_000 }
  expect(await rejection(runMedia(tools, 'ffmpeg', args, { output }))).toMatchObject({ code: 'media_failed' })
  if (tools.prlimit) expect((await stat(path)).size).toBeLessThanOrEqual(1_000_000)
})

/** Other tests run children of this same process, so this one's are told by their arguments. */
async function processesNaming(path: string): Promise<number[]> {
  const found: number[] = []
  for (const name of (await readdir('/proc')).filter((n) => /^\d+$/.test(n))) {
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (command.includes(path)) found.push(Number(name))
  }
  return found
}

test('a full disk is said to be one, whatever code ffmpeg ends with', async () => {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=30:d=2', '-f', 'matroska', '-c:v', 'libx264']
  for (const more of [[], ['-flush_packets', '1', '-cluster_time_limit', '1']])
    expect(await rejection(runMedia(tools, 'ffmpeg', [...source, ...more, 'file:/dev/full']))).toMatchObject({
      code: 'storage_full',
      status: 507,
    })
})
