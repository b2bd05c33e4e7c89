/** A job as the input of its endpoint. Pure: inputs are uploaded in between, and named by their addresses. */
import type { InputFile, ProviderJob } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'
import { type Dialect, dialects, type InputField, type ModeForm, type Setting } from './dialects.ts'
import { endpointOf } from './endpoint.ts'

export interface Plan {
  /** The endpoint that gets it. */
  id: string
  /** What has to be uploaded first. */
  inputs: readonly InputFile[]
  /** The input, once every file has an address. */
  body(addressOf: (file: InputFile) => string): Record<string, unknown>
}

/** Throws `invalid_input`, before anything is sent, when the mode lacks an input or has no place for one. */
export function planRequest(job: ProviderJob): Plan {
  const { id, dialect: name, fixed } = endpointOf(job)
  const dialect = dialects[name]
  const form = dialect.modes[job.mode]
  if (!form) throw new ProviderError('invalid_input', { providerCode: `mode ${job.mode}` })
  checkInputs(job, form)
  return {
    id,
    inputs: job.inputs,
    body: (addressOf) => ({
      ...fixed,
      ...words(job, form),
      duration: duration(job.settings.seconds, dialect.seconds),
      ...settings(job, dialect, form.takes),
      ...inputs(job.inputs, form, addressOf),
    }),
  }
}

function checkInputs(job: ProviderJob, form: ModeForm): void {
  const refused = (what: string) => new ProviderError('invalid_input', { providerCode: what })
  for (const { role } of job.inputs) if (!form.inputs[role]) throw refused(`no place for ${role}`)
  for (const [role, field] of Object.entries(form.inputs)) {
    const given = job.inputs.filter((file) => file.role === role).length
    if (given === 0 && !field.optional) throw refused(`no ${role}`)
    if (given > 1 && field.as !== 'list') throw refused(`more than one ${role}`)
  }
  if (job.mode === 'references' && job.inputs.length === 0) throw refused('no references')
}

/** Kling takes a prompt or the parts of one, not both. */
function words(job: ProviderJob, { takes }: ModeForm): Record<string, unknown> {
  if (!job.shots?.length || !takes.includes('shots')) return { prompt: job.prompt }
  const parts = job.shots.map((shot) => ({ prompt: shot.prompt, duration: String(shot.seconds) }))
  return { multi_prompt: parts, shot_type: 'customize' }
}

function duration(seconds: number, as: Dialect['seconds']): string | number {
  return as === 'number' ? seconds : as === 'text' ? String(seconds) : `${seconds}s`
}

function settings(job: ProviderJob, dialect: Dialect, takes: readonly Setting[]): Record<string, unknown> {
  const { aspect_ratio, resolution, audio, seed } = job.settings
  const values: Record<Exclude<Setting, 'shots'>, Record<string, unknown>> = {
    // Without a value "auto" an endpoint is left to its own standard.
    aspect: aspect_ratio === 'auto' ? {} : { aspect_ratio },
    aspect_or_auto: { aspect_ratio },
    resolution: { resolution: dialect.resolutions?.[resolution] ?? resolution },
    audio: { generate_audio: audio },
    // Wan's range, the narrowest.
    seed: { seed: seed % 2 ** 31 },
    negative: job.negativePrompt ? { negative_prompt: job.negativePrompt } : {},
  }
  return Object.assign({}, ...takes.map((setting) => (setting === 'shots' ? {} : values[setting])))
}

function inputs(
  files: readonly InputFile[],
  form: ModeForm,
  addressOf: (file: InputFile) => string,
): Record<string, unknown> {
  const entries = Object.entries(form.inputs).map(([role, field]) => {
    const addresses = files.filter((file) => file.role === role).map(addressOf)
    return addresses.length === 0 ? {} : { [field.field]: inShape(field, addresses) }
  })
  return Object.assign({}, ...entries)
}

function inShape({ as }: InputField, addresses: readonly string[]): unknown {
  if (as === 'list') return addresses
  return as === 'one' ? addresses[0] : addresses.map((video_url) => ({ video_url }))
}
