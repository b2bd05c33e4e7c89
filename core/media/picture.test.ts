// Failures these tests pin:
// - a file whose name says picture and whose bytes say something else reaches a decoder;
// - the place where a photo was taken stays in the copy that is sent to a provider;
// - a small file that unfolds to gigabytes of pixels;
// - a strip that passes as large enough and is a few pixels wide once it is shrunk, so that whoever fills a frame with it
//   enlarges it thousands of times;
// - a sideways photo, because its orientation was thrown away with the metadata.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findMediaTools } from './find.ts'
import { acceptPicture, pictureLimits, posterOf, previewLimits, previewOf } from './picture.ts'
import { probe } from './probe.ts'
import { fileAddress, type MediaTools, runMedia } from './run.ts'

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#7a4' } })

const png = (picture: Sharp) => picture.png().toBuffer()

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error) => error,
  )

describe('a picture from outside', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('%s is taken and stays what it is', async (format) => {
    const accepted = await acceptPicture(await plain(300, 200).toFormat(format).toBuffer())
    expect(accepted).toMatchObject({ format, width: 300, height: 200 })
    expect(await sharp(accepted.data).metadata()).toMatchObject({ format, width: 300, height: 200 })
  })

  test('where, when and with what it was taken does not come through', async () => {
    const photo = await plain(200, 100)
      .withExif({
        IFD0: { Make: 'Secret Camera', Copyright: 'A Person' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3/1' },
      })
      .withXmp(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>',
      )
      .withIccProfile('p3')
      .jpeg()
      .toBuffer()
    expect(photo.includes('Secret Camera')).toBe(true)
    const { data } = await acceptPicture(photo)
    const kept = await sharp(data).metadata()
    expect([kept.exif, kept.xmp, kept.icc, kept.iptc]).toEqual([undefined, undefined, undefined, undefined])
    expect(data.includes('Secret Camera')).toBe(false)
  })

  test('a photo taken sideways stands upright', async () => {
    const sideways = await plain(300, 200).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    expect(await acceptPicture(sideways)).toMatchObject({ width: 200, height: 300 })
  })

  test('a large one is shrunk, a path is as good as bytes, and transparency is kept', async () => {
    const path = join(folder, 'large.png')
    await sharp({ create: { width: 3000, height: 1500, channels: 4, background: '#0000' } })
      .png()
      .toFile(path)
    const { data, ...size } = await acceptPicture(path)
    expect(size).toEqual({ format: 'png', width: pictureLimits.maxSide, height: pictureLimits.maxSide / 2 })
    expect((await sharp(data).metadata()).hasAlpha).toBe(true)
  })

  test('of an animation the first frame is taken', async () => {
    const frames = await Promise.all(
      ['#f00', '#00f'].map((c) =>
        sharp({ create: { width: 80, height: 80, channels: 3, background: c } })
          .png()
          .toBuffer(),
      ),
    )
    const animation = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer()
    const { data, height } = await acceptPicture(animation)
    expect(height).toBe(80)
    expect((await sharp(data).stats()).dominant).toMatchObject({ b: 8 })
  })

  test('the narrowest one that is taken still has its shortest side when it is shrunk', async () => {
    const { minSide, maxSide } = pictureLimits
    const strips = await Promise.all([plain(minSide, maxSide), plain(3 * maxSide, 3 * minSide)].map(png))
    expect(await Promise.all(strips.map((strip) => acceptPicture(strip)))).toMatchObject([
      { width: minSide, height: maxSide },
      { width: maxSide, height: minSide },
    ])
  })

  const depths: [what: string, bytes: () => Promise<Buffer>][] = [
    ['of 16 bits', () => png(plain(300, 200).toColourspace('rgb16'))],
    ['in the four colours of print', () => plain(300, 200).toColourspace('cmyk').jpeg().toBuffer()],
    ['in shades of grey', () => png(plain(300, 200).toColourspace('b-w'))],
  ]
  test.each(depths)('one %s comes to 8 bits of sRGB', async (_, bytes) => {
    const { data } = await acceptPicture(await bytes())
    expect(await sharp(data).metadata()).toMatchObject({ depth: 'uchar', space: 'srgb', channels: 3 })
  })

  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><image href="file:///etc/passwd"/></svg>'
  const refusals: [what: string, bytes: () => Promise<Uint8Array> | Uint8Array, code: string][] = [
    ['an SVG', () => Buffer.from(svg), 'picture_wrong_kind'],
    [
      'HTML that claims to be a picture',
      () => Buffer.from('<!doctype html><script>1</script>'),
      'picture_wrong_kind',
    ],
    ['a GIF', () => plain(100, 100).gif().toBuffer(), 'picture_wrong_kind'],
    ['an AVIF', () => plain(100, 100).avif().toBuffer(), 'picture_wrong_kind'],
    [
      'an SVG behind the first bytes of a JPEG',
      () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(svg)]),
      'picture_broken',
    ],
    [
      'a cut-off JPEG',
      async () => (await plain(900, 900).jpeg().toBuffer()).subarray(0, 700),
      'picture_broken',
    ],
    ['a cut-off PNG', async () => (await noisy(400, 400)).subarray(0, 60_000), 'picture_broken'],
    ['nothing', () => new Uint8Array(), 'picture_empty'],
    ['a picture of a few pixels', () => plain(40, 400).png().toBuffer(), 'picture_too_small'],
    ['a strip that is stored as 7 by 2048', () => plain(64, 20_000).png().toBuffer(), 'picture_too_narrow'],
    [
      'a strip that lies on its side',
      () => plain(4000, 64).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      'picture_too_narrow',
    ],
    ['a hundred megapixels in a hundred kilobytes', () => bomb(10_000, 10_000), 'picture_too_many_pixels'],
    [
      'a file of more bytes than allowed',
      () => new Uint8Array(pictureLimits.maxBytes + 1),
      'picture_too_large',
    ],
  ]
  test.each(refusals)('%s is refused with a sentence', async (_, bytes, code) => {
    const error = await rejection(acceptPicture(await bytes()))
    expect(error).toMatchObject({ code, sentence: { text: expect.stringMatching(/^[A-Z].*[.]$/) } })
  })
})

let tools: MediaTools
let folder: string
let video: string

beforeAll(async () => {
  const found = await findMediaTools(process.env)
  if ('missing' in found) throw new Error('these tests need ffmpeg and ffprobe')
  tools = found
  folder = await mkdtemp(join(tmpdir(), 'picture-test-'))
  video = join(folder, 'video.mp4')
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=24', '-f', 'lavfi', '-i', 'sine=f=330']
  const coded = [
    '-t',
    '2',
    '-vf',
    'noise=alls=30:allf=t',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ]
  await runMedia(tools, 'ffmpeg', [...source, ...coded, fileAddress(video)])
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a video', () => {
  test('is described', async () => {
    expect(await probe(tools, video)).toMatchObject({
      width: 640,
      height: 360,
      fps: 24,
      videoCodec: 'h264',
      pixelFormat: 'yuv420p',
      audioCodec: 'aac',
      faststart: false,
    })
  })

  test('is refused beyond its limits, and when it is none', async () => {
    const limits = { maxBytes: 1e9, maxPixels: 1e9, maxDurationMs: 1000 }
    expect(await rejection(probe(tools, video, { limits }))).toMatchObject({ code: 'media_too_large' })
    const list = join(folder, 'list.txt')
    await writeFile(list, `ffconcat version 1.0\nfile ${video}\n`)
    expect(await rejection(probe(tools, list))).toMatchObject({ code: 'media_failed' })
  })

  test.each(['poster.jpg', 'poster.webp'])(
    'gets %s, even when asked for a moment past its end',
    async (name) => {
      const out = join(folder, name)
      for (const atMs of [500, 60_000]) {
        expect(await posterOf(tools, video, atMs, out)).toEqual({ width: 640, height: 360 })
      }
      expect((await sharp(out).metadata()).format).toBe(name.endsWith('webp') ? 'webp' : 'jpeg')
    },
  )

  test('gets a silent preview small enough to load on hover', async () => {
    const out = join(folder, 'preview.mp4')
    await previewOf(tools, video, out)
    expect((await stat(out)).size).toBeLessThanOrEqual(previewLimits.maxBytes)
    const shown = await probe(tools, out)
    expect(shown).toMatchObject({ width: 480, height: 270, videoCodec: 'h264', faststart: true })
    expect(shown.audioCodec).toBeUndefined()
  })
})

function noisy(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  return sharp({ create: { width, height, channels: 3, background: '#000', noise } })
    .png()
    .toBuffer()
}

/** A valid one-bit PNG of any size (RFC 2083), too large for anybody to unfold by accident. */
function bomb(width: number, height: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 1
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const framed = Buffer.alloc(8 + typed.length)
  framed.writeUInt32BE(body.length, 0)
  typed.copy(framed, 4)
  framed.writeUInt32BE(crc32(typed), 4 + typed.length)
  return framed
}

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
