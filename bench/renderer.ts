/** How fast the embedded storyboard is: against the bare encoding of the same frames, and against real time. */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FPS, planFilm } from '#app/studio/providers/builtin/film.ts'
import { encoding, rawVideo, renderStoryboard } from '#app/studio/providers/builtin/storyboard.ts'
import { findMediaTools } from '#core/media/find.ts'
import { fileAddress, type MediaTools, runMedia } from '#core/media/run.ts'
import { atMost, type Figure } from './figure.ts'

const prompt = 'Calm sea at dawn, a lone boat drifts home. Gulls pass over the quiet water.'
const seconds = 5
const [width, height] = [1280, 720]

export async function benchRenderer(): Promise<Figure[]> {
  const tools = await findMediaTools(process.env)
  if ('missing' in tools) throw new Error(`not installed: ${tools.missing.join(', ')}`)
  const folder = await mkdtemp(join(tmpdir(), 'bench-renderer-'))
  try {
    await warmUp(tools, folder)
    const raw = join(folder, 'frames.yuv')
    await finishedFrames(raw)
    // Turn by turn and the better of three, so that another load on the machine meets both alike.
    const encoded: number[] = []
    const rendered: number[] = []
    for (let round = 0; round < 3; round++) {
      encoded.push(await timed(() => encode(tools, raw, join(folder, 'bare.mp4'))))
      rendered.push(await timed(() => render(tools, folder)))
    }
    const [bare, whole] = [Math.min(...encoded), Math.min(...rendered)]
    return [
      atMost(1.5, {
        name: 'Storyboard, 5 s at 720p with sound: time against encoding its finished frames',
        value: `${s(whole)} against ${s(bare)}`,
        ratio: whole / bare,
      }),
      atMost(0.5, {
        name: 'Storyboard, 5 s at 720p with sound: time against its length',
        value: s(whole),
        ratio: whole / (seconds * 1000),
      }),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const s = (ms: number) => `${(ms / 1000).toFixed(2)} s`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Compilers and file caches are warm in a worker that runs for weeks. */
async function warmUp(tools: MediaTools, workDir: string): Promise<void> {
  await renderStoryboard(tools, {
    prompt,
    seed: 2,
    seconds: 2,
    aspectRatio: '16:9',
    resolution: '480p',
    audio: true,
    workDir,
  })
}

async function finishedFrames(path: string): Promise<void> {
  const film = planFilm({ prompt, seed: 1, frames: seconds * FPS, width, height })
  const file = await open(path, 'w')
  for await (const frame of film.frames()) await file.write(frame)
  await file.close()
}

function encode(tools: MediaTools, raw: string, out: string): Promise<Buffer> {
  const args = [
    ...rawVideo(width, height),
    '-i',
    fileAddress(raw),
    ...encoding,
    '-movflags',
    '+faststart',
    fileAddress(out),
  ]
  return runMedia(tools, 'ffmpeg', args)
}

function render(tools: MediaTools, workDir: string) {
  return renderStoryboard(tools, {
    prompt,
    seed: 1,
    seconds,
    aspectRatio: '16:9',
    resolution: '720p',
    audio: true,
    workDir,
  })
}
