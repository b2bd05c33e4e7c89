/** What a video file is, by ffprobe, for files from outside: only a few containers, and within limits. */
import { open, stat } from 'node:fs/promises'
import { z } from 'zod'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { fileAddress, type MediaTools, runMedia } from './run.ts'

export interface Probe {
  /** ffprobe's name of the container, such as "mov,mp4,m4a,3gp,3g2,mj2". */
  container: string
  durationMs: number
  /** As shown: a rotation in the file is applied. */
  width: number
  height: number
  fps: number
  videoCodec: string
  pixelFormat: string
  audioCodec?: string
  audioSampleRate?: number
  /** Bytes. */
  size: number
  /** The index (moov) stands before the media (mdat), so a browser can start before it has the whole file. */
  faststart: boolean
}

export interface ProbeLimits {
  maxBytes: number
  maxPixels: number
  maxDurationMs: number
}

export const probeLimits: ProbeLimits = {
  maxBytes: 1024 * 1024 * 1024,
  maxPixels: 4096 * 2304,
  maxDurationMs: 10 * 60 * 1000,
}

/** Playlists and concat lists would let a file name other files of this machine, so they are no formats here. */
const formats = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm'

/**
 * Reads the file's head. Rejects with AppError `media_too_large`, `media_failed` (not a video that is understood) or
 * those of `runMedia`.
 */
export async function probe(
  tools: MediaTools,
  path: string,
  options: { signal?: AbortSignal; limits?: ProbeLimits } = {},
): Promise<Probe> {
  const limits = options.limits ?? probeLimits
  const { size } = await stat(path)
  if (size > limits.maxBytes) throw tooLarge()
  const wanted = [
    'format=format_name,duration',
    'stream=codec_type,codec_name,width,height,pix_fmt,avg_frame_rate,sample_rate,duration',
    'stream_side_data=rotation',
    'stream_disposition=attached_pic',
  ].join(':')
  const json = await runMedia(
    tools,
    'ffprobe',
    ['-format_whitelist', formats, '-show_entries', wanted, '-of', 'json', '-i', fileAddress(path)],
    { signal: options.signal, timeoutMs: 30_000, maxStdoutBytes: 1024 * 1024 },
  )
  const parsed = answer.safeParse(JSON.parse(json.toString('utf8')))
  if (!parsed.success) throw notAVideo(parsed.error)
  const { streams, format } = parsed.data
  const video = streams.find((s) => s.codec_type === 'video' && s.disposition?.attached_pic !== 1)
  const audio = streams.find((s) => s.codec_type === 'audio')
  if (!video?.width || !video.height || !video.codec_name) throw notAVideo(new Error('no picture track'))
  const durationMs = Math.round(Number(format.duration ?? video.duration ?? 0) * 1000)
  if (!(durationMs > 0)) throw notAVideo(new Error('no duration'))
  if (video.width * video.height > limits.maxPixels || durationMs > limits.maxDurationMs) throw tooLarge()
  const turned = (video.side_data_list ?? []).some((s) => Math.abs(s.rotation ?? 0) % 180 === 90)
  return {
    container: format.format_name,
    durationMs,
    width: turned ? video.height : video.width,
    height: turned ? video.width : video.height,
    fps: fraction(video.avg_frame_rate),
    videoCodec: video.codec_name,
    pixelFormat: video.pix_fmt ?? 'unknown',
    ...(audio?.codec_name
      ? { audioCodec: audio.codec_name, audioSampleRate: Number(audio.sample_rate) }
      : {}),
    size,
    faststart: await startsWithIndex(path),
  }
}

const answer = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      pix_fmt: z.string().optional(),
      avg_frame_rate: z.string().optional(),
      sample_rate: z.string().optional(),
      duration: z.string().optional(),
      disposition: z.object({ attached_pic: z.number().optional() }).optional(),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
    }),
  ),
  format: z.object({ format_name: z.string(), duration: z.string().optional() }),
})

function fraction(text: string | undefined): number {
  const [over = 0, under = 1] = (text ?? '0/1').split('/').map(Number)
  return under ? over / under : 0
}

/** Walks the top-level boxes (ISO/IEC 14496-12, 4.2) until `moov` or `mdat` comes. False for other containers. */
async function startsWithIndex(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(16)
    for (let at = 0, boxes = 0; boxes < 64; boxes++) {
      const { bytesRead } = await file.read(head, 0, 16, at)
      if (bytesRead < 8) return false
      const type = head.toString('latin1', 4, 8)
      if (type === 'moov') return true
      if (type === 'mdat') return false
      const short = head.readUInt32BE(0)
      const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short
      if (size < 8) return false
      at += size
    }
    return false
  } finally {
    await file.close()
  }
}

function tooLarge(): AppError {
  return new AppError('media_too_large', say('This video is larger or longer than the service accepts.'), {
    status: 413,
  })
}

function notAVideo(cause: unknown): AppError {
  return new AppError('media_failed', say('This file is not a video that can be read.'), {
    status: 422,
    cause,
  })
}
