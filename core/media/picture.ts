/**
 * Pictures: what is accepted from people as a reference (decoded and encoded anew, so that nothing but pixels passes),
 * and the poster and the short preview that are made of a video.
 */
import { readFile, stat } from 'node:fs/promises'
import sharp, { type Metadata } from 'sharp'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { fileAddress, type MediaTools, runMedia } from './run.ts'

export interface PictureLimits {
  maxBytes: number
  /** Of the picture as it came. */
  maxPixels: number
  /** Shortest side it must have, in px, as it came and after it was shrunk. */
  minSide: number
  /** The longest side it is shrunk to, in px. */
  maxSide: number
  /** Seconds that decoding may take. */
  seconds: number
}

export const pictureLimits: PictureLimits = {
  maxBytes: 20 * 1024 * 1024,
  maxPixels: 50_000_000,
  minSide: 64,
  maxSide: 2048,
  seconds: 20,
}

export interface AcceptedPicture {
  data: Buffer
  format: 'jpeg' | 'png' | 'webp'
  width: number
  height: number
}

type Format = AcceptedPicture['format']

/**
 * Takes a picture as bytes or as a path. What comes back has been decoded, turned upright, brought to sRGB, shrunk and
 * encoded anew without any metadata (no EXIF, GPS, XMP, ICC). Of an animation the first frame is taken. Rejects with
 * AppError `picture_empty`, `picture_too_large`, `picture_wrong_kind`, `picture_too_small`, `picture_too_narrow`,
 * `picture_too_many_pixels`, `picture_broken`.
 */
export async function acceptPicture(
  input: Uint8Array | string,
  limits: PictureLimits = pictureLimits,
): Promise<AcceptedPicture> {
  const size = typeof input === 'string' ? (await stat(input)).size : input.byteLength
  if (size === 0) throw refuse('picture_empty', say('This file is empty.'))
  if (size > limits.maxBytes) {
    const megabytes = Math.floor(limits.maxBytes / 1024 / 1024)
    throw refuse('picture_too_large', say('This picture is larger than {megabytes} MB.', { megabytes }), 413)
  }
  const bytes = typeof input === 'string' ? await readFile(input) : input
  const format = formatOf(bytes)
  // By its first bytes, before any decoder sees it: SVG and others would reach parsers that are no business of ours.
  if (!format) throw refuse('picture_wrong_kind', say('Only JPEG, PNG and WebP pictures are accepted.'))
  const source = { failOn: 'error', limitInputPixels: false, pages: 1 } as const

  const head = await sharp(bytes, source).metadata().catch(broken)
  checkHead(head, format, limits)
  const pixels = sharp(bytes, { ...source, limitInputPixels: limits.maxPixels })
    .autoOrient()
    .resize({ width: limits.maxSide, height: limits.maxSide, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .timeout({ seconds: limits.seconds })
  const encoded = {
    jpeg: () => pixels.jpeg({ quality: 90 }),
    png: () => pixels.png(),
    webp: () => pixels.webp({ quality: 90 }),
  }
  const { data, info } = await encoded[format]().toBuffer({ resolveWithObject: true }).catch(broken)
  return { data, format, width: info.width, height: info.height }
}

function checkHead(head: Metadata, format: Format, limits: PictureLimits): void {
  if (head.format !== format) throw broken(new Error('the content is not what its first bytes say'))
  if (head.width * head.height > limits.maxPixels) {
    const megapixels = Math.floor(limits.maxPixels / 1_000_000)
    throw refuse(
      'picture_too_many_pixels',
      say('This picture has more than {megapixels} megapixels. Please make it smaller.', { megapixels }),
      413,
    )
  }
  const [short, long] = [Math.min(head.width, head.height), Math.max(head.width, head.height)]
  if (short < limits.minSide) {
    const pixels = limits.minSide
    throw refuse(
      'picture_too_small',
      say('This picture is too small: each side needs at least {pixels} pixels.', { pixels }),
    )
  }
  // Shrunk with its longer side, the shorter one of a strip would come to a few pixels.
  if (Math.round((short * Math.min(long, limits.maxSide)) / long) < limits.minSide) {
    const times = Math.floor(limits.maxSide / limits.minSide)
    throw refuse(
      'picture_too_narrow',
      say('This picture is too narrow: its longer side may be at most {times} times its shorter one.', {
        times,
      }),
    )
  }
}

/** By the signatures of JPEG (ITU T.81, B.1.1.3), PNG (RFC 2083, 3.1) and WebP (RFC 9649, 2.4). */
function formatOf(bytes: Uint8Array): Format | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12)).toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp'
  return undefined
}

function refuse(code: string, sentence: Sentence, status = 422): AppError {
  return new AppError(code, sentence, { status })
}

function broken(cause: unknown): never {
  const sentence = say('This picture is damaged or incomplete and cannot be read.')
  throw new AppError('picture_broken', sentence, { status: 422, cause })
}

/** Writes a still of the video at `atMs` as JPEG, or as WebP when `out` ends so; at most 1280 px on its longest side. */
export async function posterOf(
  tools: MediaTools,
  videoPath: string,
  atMs: number,
  out: string,
  options: { signal?: AbortSignal } = {},
): Promise<{ width: number; height: number }> {
  const grab = (seconds: number) =>
    runMedia(
      tools,
      'ffmpeg',
      // biome-ignore format: one option a line would hide what belongs together
      ['-ss', seconds.toFixed(3), '-i', fileAddress(videoPath), '-map', '0:v:0', '-frames:v', '1',
        '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'],
      { signal: options.signal, timeoutMs: 60_000 },
    )
  // Past the end of a short video there is no frame; its beginning is still a poster.
  const still = await grab(atMs / 1000)
  const picture = sharp(still.length > 0 ? still : await grab(0)).resize({
    width: 1280,
    height: 1280,
    fit: 'inside',
    withoutEnlargement: true,
  })
  const encoded = out.endsWith('.webp')
    ? picture.webp({ quality: 82 })
    : picture.jpeg({ quality: 84, mozjpeg: true })
  const { width, height } = await encoded.toFile(out)
  return { width, height }
}

export const previewLimits = { maxBytes: 300_000, seconds: 6, side: 480 }

/** Writes a short silent MP4 to show while the pointer rests on a card: at most 300 kB, 6 s, 480 px on its longer side. */
export async function previewOf(
  tools: MediaTools,
  videoPath: string,
  out: string,
  options: { signal?: AbortSignal } = {},
): Promise<{ bytes: number }> {
  const { maxBytes, seconds, side } = previewLimits
  const fit = `fps=15,scale=w=${side}:h=${side}:force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p`
  // Most videos pass at once; noisy ones need a lower rate, and the last is low enough for anything.
  for (const share of [0.9, 0.6, 0.3]) {
    const rate = Math.floor((maxBytes * 8 * share) / seconds)
    await runMedia(
      tools,
      'ffmpeg',
      // biome-ignore format: one option a line would hide what belongs together
      ['-i', fileAddress(videoPath), '-map', '0:v:0', '-t', String(seconds), '-an', '-sn', '-dn', '-map_metadata', '-1',
        '-vf', fit, '-c:v', 'libx264', '-preset', 'faster', '-crf', '28', '-maxrate', String(rate),
        '-bufsize', String(rate), '-movflags', '+faststart', fileAddress(out)],
      { signal: options.signal, timeoutMs: 120_000, output: { path: out, maxBytes: 8 * maxBytes } },
    )
    const { size } = await stat(out)
    if (size <= maxBytes) return { bytes: size }
  }
  throw new AppError('media_failed', say('No preview could be made of this video.'), { status: 422 })
}
