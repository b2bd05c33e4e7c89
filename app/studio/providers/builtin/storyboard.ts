/**
 * The model that is always there: a moving storyboard, drawn and scored on this machine from the prompt, the seed and a
 * reference, without a network or a trained model. The same input gives the same file, byte for byte.
 */
import { chmod, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileAddress, type MediaTools, runMedia } from '#core/media/run.ts'
import { type Film, FPS, planFilm } from './film.ts'
import { scoreFor } from './sound/score.ts'
import { play, SAMPLE_RATE } from './sound/synth.ts'

/** What it is doing, in this order; `composing` is skipped when there is no sound. */
export const phases = ['planning', 'composing', 'drawing', 'finishing'] as const
export type Phase = (typeof phases)[number]

export const aspectRatios = ['16:9', '9:16', '1:1'] as const
export const resolutions = ['480p', '720p', '1080p'] as const
export type AspectRatio = (typeof aspectRatios)[number]
export type Resolution = (typeof resolutions)[number]

export interface StoryboardInput {
  prompt: string
  seed: number
  /** 2 to 10; the video has exactly `round(seconds * 24)` frames. */
  seconds: number
  aspectRatio: AspectRatio
  resolution: Resolution
  audio: boolean
  /** An accepted picture; see `core/media/picture.ts`. */
  referencePath?: string
  /** A folder of this job's own. The video is left there; everything else is removed, also on failure. */
  workDir: string
  signal?: AbortSignal
  onPhase?: (phase: Phase) => void
}

export interface Storyboard {
  path: string
  width: number
  height: number
  durationMs: number
  frames: number
}

const shortSides: Record<Resolution, number> = { '480p': 480, '720p': 720, '1080p': 1080 }

/** Frame size in px; both numbers are even, as 4:2:0 needs them. */
export function sizeOf(aspectRatio: AspectRatio, resolution: Resolution): { width: number; height: number } {
  const short = shortSides[resolution]
  const long = Math.round((short * 16) / 9 / 2) * 2
  if (aspectRatio === '1:1') return { width: short, height: short }
  return aspectRatio === '16:9' ? { width: long, height: short } : { width: short, height: long }
}

/** What x264 is told. Two threads always: with another number the bytes would differ from machine to machine. */
export const encoding: readonly string[] = [
  ...[
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '19',
    '-threads',
    '2',
    '-pix_fmt',
    'yuv420p',
    '-g',
    '48',
  ],
  // Dark gradients get their share of bits; the default leaves them in blocks. A look ahead in a thread of its own sees
  // more or less of the last frames as chance has it: of the same frames, seven files in 24 came out different.
  ...['-x264-params', 'aq-mode=3:aq-strength=0.9:sync-lookahead=0', '-profile:v', 'high'],
  ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
]

/**
 * The fast search needs a fifth more bits than the default one for the same distance from the original, and a quarter of
 * its time.
 */
const soundEncoding: readonly string[] = ['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '192k']

/** Frames that may wait for the encoder, so that it goes on while the next shot is built. */
const QUEUED = 24

const bitexact = [
  '-fflags',
  '+bitexact',
  '-flags:v',
  '+bitexact',
  '-flags:a',
  '+bitexact',
  '-map_metadata',
  '-1',
]

/** How raw frames are handed to ffmpeg. */
export function rawVideo(width: number, height: number): string[] {
  return ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', String(FPS)]
}

/** Rejects with the AppErrors of `runMedia`, with `RangeError` for a length out of bounds, or with the signal's reason. */
export async function renderStoryboard(tools: MediaTools, input: StoryboardInput): Promise<Storyboard> {
  const { seconds, signal } = input
  if (!(seconds >= 2 && seconds <= 10)) throw new RangeError('a storyboard lasts 2 to 10 seconds')
  signal?.throwIfAborted()
  const { width, height } = sizeOf(input.aspectRatio, input.resolution)
  const frames = Math.round(seconds * FPS)
  const length = frames / FPS
  // The prompt reaches only this process; what lies on disk meanwhile is a sound track without words and the video.
  const scratch = await mkdtemp(join(input.workDir, 'storyboard-'))
  try {
    await chmod(scratch, 0o700)
    input.onPhase?.('planning')
    const film = planFilm({ ...input, frames, width, height })
    const sound = input.audio ? join(scratch, 'sound.pcm') : undefined
    // Its inputs are opened in their order, each when the one before has begun: until then there is time for the sound.
    const begun = async () => {
      if (sound) {
        input.onPhase?.('composing')
        await writeFile(sound, score(film, input, length), { mode: 0o600 })
      }
      input.onPhase?.('drawing')
    }
    const made = join(scratch, 'made.mp4')
    await runMedia(
      tools,
      'ffmpeg',
      [
        ...['-thread_queue_size', String(QUEUED), ...rawVideo(width, height), '-i', 'pipe:0'],
        ...(sound ? ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '2', '-i', fileAddress(sound)] : []),
        ...encoding,
        ...(sound ? soundEncoding : ['-an']),
        ...[...bitexact, '-movflags', '+faststart', '-f', 'mp4', fileAddress(made)],
      ],
      {
        signal,
        stdin: announced(film, frames, signal, begun, () => input.onPhase?.('finishing')),
        timeoutMs: 60_000 + seconds * 30_000,
        output: { path: made, maxBytes: 256 * 1024 * 1024 },
      },
    )
    await stat(made)
    const path = join(input.workDir, 'storyboard.mp4')
    await rename(made, path)
    return { path, width, height, durationMs: Math.round(length * 1000), frames }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function score(film: Film, input: StoryboardInput, seconds: number): Buffer {
  const shots = film.shots.map((s) => ({
    look: s.look,
    from: s.from / FPS,
    to: (s.from + s.frames) / FPS,
  }))
  return play(scoreFor(input.prompt, input.seed, seconds, shots), seconds, input.seed)
}

/**
 * The frames, until the signal comes; tells when the last one has been taken. `meanwhile` is done before the first is
 * given: what others draw for that one is drawn while it lasts.
 */
async function* announced(
  film: Film,
  frames: number,
  signal: AbortSignal | undefined,
  meanwhile: () => Promise<void>,
  onLast: () => void,
): AsyncGenerator<Uint8Array> {
  const drawn = film.frames()
  let coming = drawn.next()
  // Its failure is met where it is awaited; until then it must not count as unhandled.
  coming.catch(() => undefined)
  await meanwhile()
  for (let taken = 1; ; taken++) {
    const frame = await coming
    if (frame.done || signal?.aborted) return
    yield frame.value
    if (taken === frames) onLast()
    // A frame takes some milliseconds of this thread: let timers and messages in between.
    await new Promise((next) => setImmediate(next))
    coming = drawn.next()
  }
}
