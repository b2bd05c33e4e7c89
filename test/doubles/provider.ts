import { execFile } from 'node:child_process'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { AcceptedJob, Provider } from '#app/studio/providers/provider.ts'
import type { ErrorClass } from '#app/studio/providers/provider-errors.ts'
import type { Providers } from '#app/studio/providers/registry.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

/**
 * A provider that makes a small real video and does what its prompt says: `[[fail:timeout]]`, `[[throw]]`, `[[once]]`
 * (throws at the first poll only), `[[slow]]` (never ends by itself), `[[broken]]` (hands out something that is no video).
 */
export interface ScriptedProvider extends Provider {
  submitted: string[]
  polls: number
}

export function scriptedProvider(fixture: string): ScriptedProvider {
  const provider: ScriptedProvider = {
    name: 'scripted',
    resident: true,
    health: async () => ({}),
    submitted: [],
    polls: 0,
    async submit(job) {
      provider.submitted.push(job.generation)
      return { providerJob: `scripted:${job.generation}` }
    },
    async poll(job, signal) {
      provider.polls += 1
      if (provider.polls > 500) throw new Error('Polled without end')
      const failure = /\[\[fail:(\w+)\]\]/.exec(job.prompt)?.[1]
      if (failure) return { state: 'failed', errorClass: failure as ErrorClass }
      if (job.prompt.includes('[[throw]]') || (job.prompt.includes('[[once]]') && provider.polls === 1))
        throw new AppError('media_failed', say('Making the video failed.'), { status: 500 })
      signal.throwIfAborted()
      if (job.prompt.includes('[[slow]]')) return { state: 'running', againAfterMs: 20 }
      return { state: 'succeeded' }
    },
    async fetch(job: AcceptedJob) {
      const path = join(job.workDir, 'made.mp4')
      if (job.prompt.includes('[[broken]]')) await copyFile(import.meta.filename, path)
      else await copyFile(fixture, path)
      return path
    },
  }
  return provider
}

/** An installation in which this one does everything. */
export function onlyProvider(provider: Provider): Providers {
  return { get: async () => provider }
}

/** A second of moving colour with a tone, by ffmpeg alone. */
export async function makeFixture(path: string): Promise<string> {
  await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=24:duration=1'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=330:duration=1'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'aac',
      '-movflags',
      '+faststart',
    ],
    path,
  ])
  return path
}
