// Failures these tests pin:
// - the same prompt and seed make another film on another day, so a resumed generation would not match its record;
// - words of a prompt in the argument list of a child, which every user of the machine can read, or left on the disk;
// - a cancelled generation whose encoder goes on, or whose half-made file stays;
// - a video that does not start to play before it is loaded, or is a few frames too short or too long;
// - a strip as a reference, of which a sliver would be shown, enlarged many times;
// - a prompt that is empty, enormous, hostile or in a script without letters here, and stops everything.
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findMediaTools } from '#core/media/find.ts'
import { probe } from '#core/media/probe.ts'
import { fileAddress, type MediaTools, runMedia } from '#core/media/run.ts'
import { storyboard } from '../../catalogue/models/storyboard.ts'
import type { InputRule } from '../../catalogue/record.ts'
import { problemInRole } from '../../generations/check.ts'
import { planFilm } from './film.ts'
import {
  aspectRatios,
  type Phase,
  phases,
  renderStoryboard,
  resolutions,
  type StoryboardInput,
  sizeOf,
} from './storyboard.ts'

let tools: MediaTools
let folder: string

beforeAll(async () => {
  const found = await findMediaTools(process.env)
  if ('missing' in found) throw new Error('these tests need ffmpeg and ffprobe')
  tools = found
  folder = await mkdtemp(join(tmpdir(), 'storyboard-test-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function input(changes: Partial<StoryboardInput> = {}): Promise<StoryboardInput> {
  const workDir = await mkdtemp(join(folder, 'job-'))
  const prompt = 'A boat on a calm sea at dawn. Snow falls in the forest.'
  return {
    prompt,
    seed: 7,
    seconds: 2,
    aspectRatio: '16:9',
    resolution: '480p',
    audio: true,
    workDir,
    ...changes,
  }
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function frameDigest(prompt: string, seed: number): Promise<string> {
  const hash = createHash('sha256')
  for await (const frame of planFilm({ prompt, seed, frames: 30, width: 320, height: 180 }).frames())
    hash.update(frame)
  return hash.digest('hex')
}

const kinds = aspectRatios.flatMap((aspectRatio) =>
  resolutions.flatMap((resolution) => [true, false].map((audio) => ({ aspectRatio, resolution, audio }))),
)

test.each(kinds)('$aspectRatio at $resolution, sound $audio, is what was asked for', async (kind) => {
  const made = await renderStoryboard(tools, await input(kind))
  const size = sizeOf(kind.aspectRatio, kind.resolution)
  expect(made).toMatchObject({ ...size, durationMs: 2000, frames: 48 })
  const found = await probe(tools, made.path)
  expect(found).toMatchObject({
    ...size,
    fps: 24,
    durationMs: 2000,
    videoCodec: 'h264',
    pixelFormat: 'yuv420p',
    faststart: true,
    ...(kind.audio ? { audioCodec: 'aac', audioSampleRate: 48_000 } : {}),
  })
  expect('audioCodec' in found).toBe(kind.audio)
})

describe('the same input', () => {
  test('gives the same file, byte for byte', async () => {
    const [a, b] = [
      await renderStoryboard(tools, await input()),
      await renderStoryboard(tools, await input()),
    ]
    expect(digest(await readFile(a.path))).toBe(digest(await readFile(b.path)))
  })

  test('gives the same frames, and another seed gives others', async () => {
    const prompt = 'Neon city in the rain'
    expect(await frameDigest(prompt, 1)).toBe(await frameDigest(prompt, 1))
    expect(await frameDigest(prompt, 1)).not.toBe(await frameDigest(prompt, 2))
  })
})

test('the sound is even, stereo and never clipped, and fades at both ends', async () => {
  const { path } = await renderStoryboard(
    tools,
    await input({ prompt: 'Fast cars race through the city in the rain' }),
  )
  const args = ['-i', fileAddress(path), '-map', '0:a', '-f', 's16le', '-ac', '2', 'pipe:1']
  const pcm = await runMedia(tools, 'ffmpeg', args)
  const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length >> 1)
  const loudest = (from: number, to: number) =>
    samples.slice(from, to).reduce((most, s) => Math.max(most, Math.abs(s)), 0)
  expect(loudest(0, samples.length)).toBeGreaterThan(4000)
  expect(loudest(0, samples.length)).toBeLessThan(30_000)
  expect(loudest(samples.length - 400, samples.length)).toBeLessThan(300)
})

test('a reference is what the film shows', async () => {
  const referencePath = join(folder, 'reference.png')
  await sharp({ create: { width: 800, height: 500, channels: 3, background: '#20a040' } })
    .png()
    .toFile(referencePath)
  const { path } = await renderStoryboard(tools, await input({ referencePath, audio: false }))
  const args = [
    '-ss',
    '1',
    '-i',
    fileAddress(path),
    '-frames:v',
    '1',
    '-c:v',
    'png',
    '-f',
    'image2pipe',
    'pipe:1',
  ]
  const still = await sharp(await runMedia(tools, 'ffmpeg', args))
    .extract({ left: 380, top: 100, width: 60, height: 60 })
    .stats()
  const [red, green, blue] = still.channels.map((c) => c.mean) as [number, number, number]
  expect(green).toBeGreaterThan(Math.max(red, blue) + 50)
})

test.each([
  [64, 2048],
  [2048, 400],
])('a reference of %i by %i is refused before anything is rendered', (width, height) => {
  const rule = storyboard.inputs.first_frame as InputRule
  type Given = Parameters<typeof problemInRole>[1][number]['file']
  const file = { width, height, size: 1000, duration_ms: null } as Given
  expect(problemInRole(rule, [{ file }])?.text).toMatch(/too narrow or too wide/)
})

test('a broken reference fails and leaves nothing', async () => {
  const job = await input({ referencePath: join(folder, 'none.png') })
  await expect(renderStoryboard(tools, job)).rejects.toThrow()
  expect(await readdir(job.workDir)).toEqual([])
})

test('the phases come in their order', async () => {
  const seen: Phase[] = []
  await renderStoryboard(tools, await input({ onPhase: (phase) => seen.push(phase) }))
  expect(seen).toEqual(phases)
})

test('a length out of bounds is refused', async () => {
  for (const seconds of [0, 1.9, 10.1, Number.NaN]) {
    await expect(renderStoryboard(tools, await input({ seconds }))).rejects.toThrow(RangeError)
  }
})

test('no word of the prompt is in an argument or in a file, while it is made or after', async () => {
  const job = await input({ prompt: 'Xylophonist by the sea' })
  let seen = ''
  let watched: Promise<void> | undefined
  job.onPhase = (phase) => {
    if (phase === 'drawing') watched = watch()
  }
  const watch = async () => {
    let commands: string[] = []
    while (commands.length === 0) commands = await commandsNaming(job.workDir)
    seen += commands.join() + (await filesUnder(job.workDir))
  }
  const { path } = await renderStoryboard(tools, job)
  await watched
  expect(seen).toContain('libx264')
  expect(seen).not.toContain('ylophonist')
  expect(await filesUnder(job.workDir)).not.toContain('ylophonist')
  expect(await readdir(job.workDir)).toEqual([basename(path)])
})

test('cancelled in the middle it ends its encoder and leaves no file', async () => {
  const abort = new AbortController()
  const job = await input({ seconds: 10, resolution: '720p', signal: abort.signal })
  let commands: string[] = []
  job.onPhase = (phase) => {
    if (phase !== 'drawing') return
    void (async () => {
      while (commands.length === 0) commands = await commandsNaming(job.workDir)
      abort.abort(new Error('cancelled'))
    })()
  }
  await expect(renderStoryboard(tools, job)).rejects.toThrow('cancelled')
  expect(commands.length).toBeGreaterThan(0)
  expect(await commandsNaming(job.workDir)).toEqual([])
  expect(await readdir(job.workDir)).toEqual([])
})

const hostile: [what: string, prompt: string][] = [
  ['nothing', ''],
  ['only spaces and marks', ' \n\t … --- !!! '],
  ['one letter', 'a'],
  ["ffmpeg's own signs", `drawtext=text='%{pts}':fontfile=/etc/passwd,[0:v];\\:'"|$(id)\`id\``],
  ['markup', '</svg><script>alert(1)</script><image href="file:///etc/passwd"/>&amp;&#0;'],
  ['emoji', '🏄🏽‍♀️ 🌊🌊🌊 👨‍👩‍👧‍👦'],
  ['five thousand characters', 'The sea is wide and the night is long. '.repeat(130).slice(0, 5000)],
  ['one word of five thousand letters', 'w'.repeat(5000)],
  ['Japanese', '静かな海の夜明け。小さな舟が波に揺れている。'],
  ['Arabic', 'مدينة في الليل تحت المطر'],
  ['control and lone surrogate characters', '\u0000\u202e\ud800 night \udfff\u0007'],
]

test.each(hostile)('a prompt of %s makes a film', async (_, prompt) => {
  let count = 0
  for await (const frame of planFilm({ prompt, seed: 3, frames: 60, width: 270, height: 480 }).frames()) {
    count += 1
    if (count === 40) expect(new Set(frame.subarray(0, 270 * 480)).size).toBeGreaterThan(12)
  }
  expect(count).toBe(60)
})

/** Names and contents of all files below a folder. */
async function filesUnder(path: string): Promise<string> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
  const contents = await Promise.all(files.map((f) => readFile(f, 'latin1').catch(() => '')))
  return files.join() + contents.join()
}

async function commandsNaming(path: string): Promise<string[]> {
  const found: string[] = []
  for (const name of (await readdir('/proc')).filter((n) => /^\d+$/.test(n))) {
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (command.includes(path)) found.push(command)
  }
  return found
}
