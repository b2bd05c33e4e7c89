import type { ApiCall } from '#app/http/api.ts'
import { ownGeneration } from '#app/studio/generations/generations.queries.ts'
import { unknownGeneration } from '#app/studio/generations/removal.ts'
import type { GenerationView } from '#app/studio/generations/view.schema.ts'
import type { GenerationTable } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { shownAll } from '../api/api-view.ts'
import { type Shape, sizeOf } from './video-size.ts'

/** A generation as OpenAI's video API shows one. Times are in seconds since 1970. */
export interface Video {
  id: GenerationId
  object: 'video'
  model: string
  status: 'queued' | 'in_progress' | 'completed' | 'failed'
  progress: number
  created_at: number
  completed_at: number | null
  expires_at: number | null
  prompt: string | null
  seconds: string
  size: string
  remixed_from_video_id: null
  error: { code: string; message: string } | null
}

/** The caller's own. Throws 404 for what is not there or not theirs, and another for what has gone by itself. */
export async function ownVideo(call: ApiCall, id: GenerationId): Promise<Video> {
  const row = await ownGeneration(call.house.db.read, call.key.subject, id)
  if (!row || row.state === 'removed') throw unknownGeneration()
  if (row.state === 'expired')
    throw new AppError('video_expired', say('This video was not saved in time and is gone.'), { status: 404 })
  const [video] = await videosOf(call, [row])
  return video as Video
}

/** In the order of the rows. */
export async function videosOf(call: ApiCall, rows: GenerationTable[]): Promise<Video[]> {
  const views = await shownAll(call, rows)
  return rows.map((row, at) => videoOf(row, views[at] as GenerationView))
}

function videoOf(row: GenerationTable, view: GenerationView): Video {
  const status = statuses[view.status]
  return {
    id: row.id,
    object: 'video',
    model: row.model,
    status,
    progress: progressOf(row, view),
    created_at: inSeconds(row.created_at),
    completed_at: status === 'completed' && row.ended_at !== null ? inSeconds(row.ended_at) : null,
    expires_at: row.expires_at === null ? null : inSeconds(row.expires_at),
    prompt: view.prompt,
    seconds: String(view.seconds),
    size: sizeOf(view as Shape),
    remixed_from_video_id: null,
    error: view.error && {
      code: view.status === 'blocked' ? 'moderation_blocked' : view.error.code,
      message: view.error.message,
    },
  }
}

const statuses: Readonly<Record<GenerationView['status'], Video['status']>> = {
  queued: 'queued',
  running: 'in_progress',
  ready: 'completed',
  blocked: 'failed',
  failed: 'failed',
  cancelled: 'failed',
  // Not shown any more; whoever read the row a moment before must not take it for a file.
  expired: 'failed',
  removed: 'failed',
}

/** Only what is known: what the provider said last; 99 when the pictures are there and the file is being signed. */
function progressOf({ state }: GenerationTable, { phase }: GenerationView): number {
  if (state === 'ready') return 100
  if (state === 'finishing') return 99
  return Number(/^rendering:(\d{1,2})$/.exec(phase)?.[1] ?? 0)
}

function inSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
