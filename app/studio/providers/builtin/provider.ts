import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaTools } from '#core/media/run.ts'
import type { AcceptedJob, Provider } from '../provider.ts'
import { renderStoryboard } from './storyboard.ts'

/**
 * The built-in renderer as a provider. It runs in the worker itself: `poll` renders to the end, and since the result
 * follows from prompt and seed alone, doing it again after a crash makes the same video.
 */
export function builtinProvider(tools: MediaTools): Provider {
  const fileOf = (job: AcceptedJob) => join(job.workDir, 'storyboard.mp4')
  const render = async (job: AcceptedJob, signal: AbortSignal) => {
    const { settings } = job
    return renderStoryboard(tools, {
      prompt: job.prompt,
      seed: settings.seed,
      seconds: settings.seconds,
      // Its record offers no others, so nothing else passes the check at compose.
      aspectRatio: settings.aspect_ratio as '16:9' | '9:16' | '1:1',
      resolution: settings.resolution as '480p' | '720p' | '1080p',
      audio: settings.audio,
      referencePath: job.inputs[0]?.path,
      workDir: job.workDir,
      signal,
      onPhase: job.onPhase,
    })
  }
  const made = new Map<string, string>()
  return {
    name: 'builtin',
    resident: true,
    health: async () => ({}),
    async submit(job) {
      return { providerJob: `builtin:${job.generation}` }
    },
    async poll(job, signal) {
      const { path } = await render(job, signal)
      made.set(fileOf(job), path)
      return { state: 'succeeded' }
    },
    async fetch(job, signal) {
      const path = made.get(fileOf(job))
      made.delete(fileOf(job))
      // Another process rendered it and was killed: its scratch folder is gone, so it is rendered again.
      if (path && (await exists(path))) return path
      return (await render(job, signal)).path
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
