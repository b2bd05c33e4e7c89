/** Clips and sounds from outside: what people give as references, and what providers hand out. */
import { open, stat } from 'node:fs/promises'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type Probe, type ProbeLimits, probe } from './probe.ts'
import { fileAddress, type MediaTools, runMedia } from './run.ts'

export const clipLimits: ProbeLimits & { side: number } = {
  maxBytes: 200 * 1024 * 1024,
  maxPixels: 4096 * 2304,
  maxDurationMs: 60_000,
  /** Longer side of what is kept. */
  side: 1920,
}

export interface SoundFacts {
  durationMs: number
  size: number
}

export const soundLimits = { maxBytes: 50 * 1024 * 1024, maxDurationMs: 120_000 }

/** What nothing of a person's may be left in: tags, chapters, subtitles, data tracks, attached pictures. */
const nothingElse = ['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn', '-fflags', '+bitexact']

/**
 * Decodes a clip and encodes it anew to `out` (MP4, H.264, AAC), at most 1920 pixels wide or high, without metadata. Throws
 * `media_too_large` or `media_failed`, as `probe` does.
 */
export async function acceptClip(
  tools: MediaTools,
  path: string,
  out: string,
  options: { signal?: AbortSignal } = {},
): Promise<Probe> {
  await probe(tools, path, { ...options, limits: clipLimits })
  const { side, maxBytes } = clipLimits
  const fit = `scale=w='min(${side},iw)':h='min(${side},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p`
  await runMedia(
    tools,
    'ffmpeg',
    // biome-ignore format: one option a line would hide what belongs together
    ['-i', fileAddress(path), '-map', '0:v:0', '-map', '0:a:0?', ...nothingElse, '-vf', fit, '-fpsmax', '60',
      '-c:v', 'libx264', '-preset', 'faster', '-crf', '18', '-c:a', 'aac', '-b:a', '160k', '-ac', '2',
      '-movflags', '+faststart', '-f', 'mp4', fileAddress(out)],
    { ...options, timeoutMs: 300_000, output: { path: out, maxBytes: 2 * maxBytes } },
  )
  return probe(tools, out, options)
}

/** Decodes a sound and encodes it anew to `out` (MP3, which every provider takes), without metadata and cover. Throws as `acceptClip` does. */
export async function acceptSound(
  tools: MediaTools,
  path: string,
  out: string,
  options: { signal?: AbortSignal } = {},
): Promise<SoundFacts> {
  const { maxBytes, maxDurationMs } = soundLimits
  if ((await stat(path)).size > maxBytes) throw tooLong()
  if ((await soundLength(tools, path, options)) > maxDurationMs) throw tooLong()
  await runMedia(
    tools,
    'ffmpeg',
    // biome-ignore format: one option a line would hide what belongs together
    ['-i', fileAddress(path), '-map', '0:a:0', '-vn', ...nothingElse, '-c:a', 'libmp3lame', '-b:a', '192k',
      '-ac', '2', '-ar', '48000', '-f', 'mp3', fileAddress(out)],
    { ...options, timeoutMs: 120_000, output: { path: out, maxBytes } },
  )
  return { durationMs: await soundLength(tools, out, options), size: (await stat(out)).size }
}

const soundFormats = 'mov,mp4,m4a,3gp,3g2,mj2,mp3,wav,aac,flac,ogg,matroska,webm'

async function soundLength(
  tools: MediaTools,
  path: string,
  options: { signal?: AbortSignal },
): Promise<number> {
  const text = await runMedia(
    tools,
    'ffprobe',
    // biome-ignore format: one option a line would hide what belongs together
    ['-format_whitelist', soundFormats, '-select_streams', 'a:0', '-show_entries', 'stream=codec_type:format=duration',
      '-of', 'json', '-i', fileAddress(path)],
    { ...options, timeoutMs: 30_000 },
  ).then((bytes) => bytes.toString('utf8'))
  const { streams, format } = JSON.parse(text) as { streams?: unknown[]; format?: { duration?: string } }
  const ms = Math.round(Number(format?.duration) * 1000)
  if (!streams?.length || !Number.isFinite(ms) || ms <= 0)
    throw new AppError('media_failed', say('This is not a sound that can be read. Choose another file.'), {
      status: 422,
    })
  return ms
}

/**
 * A provider's video as it is delivered: the same pictures and sound in an MP4 that starts at once, without anything that
 * the provider wrote beside them (ComfyUI writes the whole prompt). Encoded anew only where a browser could not play it.
 */
export async function deliverable(
  tools: MediaTools,
  path: string,
  facts: Probe,
  out: string,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const playable = facts.videoCodec === 'h264' && facts.pixelFormat === 'yuv420p'
  const audible = facts.audioCodec === undefined || facts.audioCodec === 'aac'
  // biome-ignore format: one option a line would hide what belongs together
  const video = playable
    ? ['-c:v', 'copy']
    : ['-vf', 'scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p', '-c:v', 'libx264', '-preset', 'medium', '-crf', '17']
  const audio = audible ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '192k']
  await runMedia(
    tools,
    'ffmpeg',
    // biome-ignore format: one option a line would hide what belongs together
    ['-i', fileAddress(path), '-map', '0:v:0', '-map', '0:a:0?', ...nothingElse, ...video, ...audio,
      '-movflags', '+faststart', '-f', 'mp4', fileAddress(out)],
    { ...options, timeoutMs: 600_000, output: { path: out, maxBytes: 4 * facts.size + 64 * 1024 * 1024 } },
  )
}

const MOST_BOXES = 10_000

/**
 * Whether an MP4 ends inside one of its boxes (ISO/IEC 14496-12, 4.2), as one that broke off on its way does. The tools do not
 * say so: they copy what is there and call it done. False for other containers, and where it was cut between two boxes.
 */
export async function isCutShort(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const head = Buffer.alloc(16)
    let at = 0
    for (let boxes = 0; at < size && boxes < MOST_BOXES; boxes++) {
      const { bytesRead } = await file.read(head, 0, 16, at)
      const isBox = bytesRead >= 8 && mediaBoxes.has(head.toString('latin1', 4, 8))
      // Before the first box it is no MP4; behind the last one, whatever follows takes nothing from the pictures.
      if (!isBox) return false
      const short = head.readUInt32BE(0)
      // 0: to the end of the file.
      if (short === 0) return false
      at += short === 1 && bytesRead === 16 ? Number(head.readBigUInt64BE(8)) : Math.max(8, short)
    }
    return at > size
  } finally {
    await file.close()
  }
}

/** What stands at the top of an MP4 or QuickTime file. */
const mediaBoxes = new Set(
  'ftyp styp moov moof mdat mfra free skip wide uuid meta sidx ssix pdin prft emsg pnot udta'.split(' '),
)

function tooLong(): AppError {
  return new AppError(
    'media_too_large',
    say('This sound is too long or too large. At most {seconds} seconds and {megabytes} MB.', {
      seconds: soundLimits.maxDurationMs / 1000,
      megabytes: Math.floor(soundLimits.maxBytes / 1024 / 1024),
    }),
    { status: 413 },
  )
}
