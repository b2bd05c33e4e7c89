/**
 * Pins: a setting that a record offers and a provider then refuses, after the person's credits were held. Every job that a
 * record lets through is written as a request by every route that takes it, and held against what that provider's own
 * documents say (the doubles).
 */
import { afterAll, describe, expect, test } from 'vitest'
import { arkDriver } from '#app/studio/providers/ark/driver.ts'
import { type ComfyEndpoint, comfyEndpoint, filled } from '#app/studio/providers/comfyui/workflow.ts'
import { planRequest } from '#app/studio/providers/fal/request.ts'
import { googleDriver } from '#app/studio/providers/google/driver.ts'
import { veoBody } from '#app/studio/providers/google/veo.ts'
import { kieEndpoint } from '#app/studio/providers/kie/endpoint.ts'
import { requestOf } from '#app/studio/providers/kie/request.ts'
import { bodyOf } from '#app/studio/providers/openai-videos/request.ts'
import { settings as videosSettings } from '#app/studio/providers/openai-videos/settings.ts'
import type { InputFile, ProviderJob } from '#app/studio/providers/provider.ts'
import { isProviderError } from '#app/studio/providers/provider-errors.ts'
import { arkDouble } from '#test/doubles/providers/ark.ts'
import { falModels } from '#test/doubles/providers/fal-models.ts'
import { googleDouble } from '#test/doubles/providers/google.ts'
import { checkVeo } from '#test/doubles/providers/google-strict.ts'
import { createTask, jobModels, veoExtend, veoGenerate } from '#test/doubles/providers/kie-models.ts'
import { openRouterShape } from '#test/doubles/providers/openai-videos-styles.ts'
import { aConnection, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import { type Combination, combinationsOf } from './combinations.testing.ts'
import { shipped } from './models/all.ts'
import { takes } from './record.ts'

const never = new AbortController().signal
const [ark, google] = await Promise.all([arkDouble(), googleDouble()])
const atArk = arkDriver.open(aConnection(arkDriver, ark))
const atGoogle = googleDriver.open(aConnection(googleDriver, google))
afterAll(() => Promise.all([ark.close(), google.close()]))

const files = {
  picture: { kind: 'picture', path: fixture.picture, mediaType: 'image/jpeg', size: 1 },
  clip: { kind: 'clip', path: fixture.clip, mediaType: 'video/mp4', size: 1 },
  sound: { kind: 'sound', path: fixture.sound, mediaType: 'audio/wav', size: 1 },
} as const

function jobOf(
  basis: ProviderJob,
  { settings, inputs }: Combination,
  endpoint: ProviderJob['endpoint'],
): ProviderJob {
  return {
    ...basis,
    endpoint,
    mode: settings.mode,
    settings,
    ...(settings.shots ? { shots: shotsOf(settings.seconds) } : {}),
    inputs: inputs.map(({ role, seconds, made }, index): InputFile => {
      const kind = role === 'audio' ? 'sound' : role === 'video' || role === 'extend' ? 'clip' : 'picture'
      return {
        ...{ ...files[kind], role, name: `${index}.${kind}` },
        ...(seconds ? { seconds } : {}),
        ...(made ? { providerJob: `${made.provider}-job` } : {}),
      }
    }),
  }
}

function shotsOf(seconds: number) {
  const first = Math.floor(seconds / 2)
  return [first, seconds - first].map((length) => ({ prompt: 'One.', seconds: length }))
}

const address = (file: InputFile) => `https://files.example.org/${file.name}`

/** What the provider would say to the request of this job; throws what the driver or the double refuses it with. */
const sent: Record<string, (job: ProviderJob) => unknown> = {
  kie(job) {
    const endpoint = kieEndpoint.parse(job.endpoint)
    const { path, body } = requestOf(endpoint, job, address, undefined)
    if (path === '/api/v1/veo/generate') return veoGenerate.parse(body)
    if (path === '/api/v1/veo/extend') return veoExtend.parse(body)
    const task = createTask.parse(body)
    const model = jobModels[task.model]
    if (!model) throw new Error(`KIE has no ${task.model}`)
    return model.parse(task.input)
  },
  fal(job) {
    const plan = planRequest(job)
    const input = plan.body(address)
    const model = falModels[sibling(plan.id)]
    if (!model) throw new Error(`fal has no ${plan.id}`)
    return model.parse({ ...input, ...sameAsSibling(plan.id, input) })
  },
  ark: (job) => atArk.submit(job, never),
  google: (job) => atGoogle.submit(job, never),
  vertex: async (job) => checkVeo(await veoBody(job, 'vertex', undefined), 'vertex'),
  comfyui(job) {
    const endpoint: ComfyEndpoint = comfyEndpoint.parse(job.endpoint)
    return filled(endpoint, job, 'an-id', new Map(job.inputs.map(({ name }) => [name, name])))
  },
  async 'openai-videos'(job) {
    for (const style of ['openai', 'vllm-omni', 'sglang', 'litellm'] as const)
      await bodyOf(job, videosSettings.parse({ style }))
  },
  async openrouter(job) {
    const body = await bodyOf(job, videosSettings.parse({ style: 'openrouter' }))
    return openRouterShape.parse('json' in body && body.json)
  },
}

/** The endpoint whose page is in the double: the same fields, in another size or price. */
function sibling(id: string): string {
  return id
    .replace(/^(fal-ai\/veo3\.1)\/(fast|lite)/, '$1')
    .replace(/^(bytedance\/seedance-2\.0)\/fast/, '$1')
    .replace(/^bytedance\/seedance-2\.5/, 'bytedance/seedance-2.0')
    .replace('/v3/standard/', '/v3/pro/')
    .replace(/^(fal-ai\/sora-2\/[\w-]+)\/pro$/, '$1')
}

/** What the endpoint has beyond its sibling, as the sibling has it. */
function sameAsSibling(id: string, { duration, resolution }: Record<string, unknown>) {
  if (id.startsWith('bytedance/seedance-2.5/') && Number(duration) > 15) return { duration: '15' }
  if (id.startsWith('fal-ai/sora-2/') && id.endsWith('/pro') && resolution === '1080p')
    return { resolution: '720p' }
  return {}
}

/** For doubles that are asked over the network: each shape of each size once, each length, each set of files. */
function thinned(jobs: Combination[]): Combination[] {
  const seen = new Set<string>()
  return jobs.filter(({ settings, inputs }) => {
    const { mode, resolution, aspect_ratio, seconds, audio } = settings
    const traits = [
      [resolution, aspect_ratio],
      [resolution, seconds, audio],
      inputs.map(({ role }) => role),
    ].map((trait) => `${mode} ${trait}`)
    const isNew = traits.some((trait) => !seen.has(trait))
    for (const trait of traits) seen.add(trait)
    return isNew
  })
}

const routes = shipped.flatMap((model) =>
  model.routes
    .filter(({ provider }) => provider !== 'builtin')
    .map((route) => [`${model.id} at ${route.id}`, model, route] as const),
)

describe('whatever a record lets through, its routes can say', () => {
  test.each(routes)('%s', async (_, model, route) => {
    const all = combinationsOf(model).filter((job) => takes(route, job))
    const jobs = ['ark', 'google'].includes(route.provider) ? thinned(all) : all
    expect(jobs.length).toBeGreaterThan(0)
    const basis = await aProviderJob()
    const refused = new Set<string>()
    for (const job of jobs) {
      try {
        const send = sent[route.provider]
        if (!send) throw new Error(`Nobody checks what ${route.provider} is sent`)
        await send(jobOf(basis, job, route.endpoint))
      } catch (error) {
        const why = isProviderError(error) ? error.providerCode : String(error).replace(/\s+/g, ' ')
        refused.add(`${why}: ${JSON.stringify(job)}`)
      }
    }
    expect([...refused].slice(0, 5)).toEqual([])
  })
})
