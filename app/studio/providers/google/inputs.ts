/** What Google's video models take besides the prompt; the same for the Gemini API and for Vertex. */
import { readFile } from 'node:fs/promises'
import type { InputFile, ProviderJob } from '#app/studio/providers/provider.ts'
import { ProviderError } from '#app/studio/providers/provider-errors.ts'
import type { InputRole } from '#core/db/schema/studio.ts'

export function inRole(job: ProviderJob, ...roles: InputRole[]): InputFile[] {
  return job.inputs.filter(({ role }) => roles.includes(role))
}

/** The one file of a role, without which the mode makes no sense. */
export function theOne(job: ProviderJob, role: InputRole): InputFile {
  const [file, more] = inRole(job, role)
  if (!file || more) throw refused(`one ${role} wanted`)
  return file
}

export function base64Of(file: InputFile): Promise<string> {
  return readFile(file.path, 'base64')
}

/** Refused before anything was sent. */
export function refused(why: string): ProviderError {
  return new ProviderError('invalid_input', { accepted: 'no', providerCode: why })
}

/**
 * Several shots are written as times before each part, which both families read: ai.google.dev/gemini-api/docs/omni
 * (`[0-3s] …`) and Google Cloud's guide to prompts for Veo 3.1 (`[00:00-00:03] …`).
 */
export function promptOf(job: ProviderJob, times: 'seconds' | 'clock'): string {
  if (!job.shots || job.shots.length < 2) return job.shots?.[0]?.prompt ?? job.prompt
  let from = 0
  return job.shots
    .map(({ prompt, seconds }) => {
      const to = from + seconds
      const span = times === 'seconds' ? `${from}-${to}s` : `${clock(from)}-${clock(to)}`
      from = to
      return `[${span}] ${prompt}`
    })
    .join('\n')
}

function clock(seconds: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${two(seconds / 60)}:${two(seconds % 60)}`
}
