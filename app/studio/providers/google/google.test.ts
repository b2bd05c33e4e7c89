/**
 * It pins: a duration sent as a number; a field that the mode does not have; a stray bad request taken for the end of a job;
 * a large clip sent inside a request, or left at Google after the job was refused; a deletion claimed that the API does not
 * offer.
 */
import { truncate } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { providerContract } from '#app/studio/providers/provider.contract.ts'
import type { InputFile, ProviderJob } from '#app/studio/providers/provider.ts'
import { googleDouble } from '#test/doubles/providers/google.ts'
import { aConnection, accepted, anInput, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import { googleDriver } from './driver.ts'

const omni = { api: 'interactions', model: 'gemini-omni-1.2-flash' }
const veo = { api: 'predict', model: 'veo-3.1-generate-preview' }
const eight: ProviderJob['settings'] = {
  seconds: 8,
  aspect_ratio: '16:9',
  resolution: '720p',
  audio: true,
  seed: 7,
  mode: 'text',
}
const never = new AbortController().signal

providerContract({
  driver: googleDriver,
  double: googleDouble,
  job: { endpoint: omni },
  reconciles: 'none',
  policyAt: 'poll',
  cannot: { face: 'Omni refuses with a text that has no code' },
})

describe('over predictLongRunning', () => {
  providerContract({
    driver: googleDriver,
    double: googleDouble,
    job: { endpoint: veo, settings: eight },
    reconciles: 'none',
    policyAt: 'poll',
  })
})

async function open(options?: Parameters<typeof googleDouble>[0]) {
  const double = await googleDouble(options)
  onTestFinished(() => double.close())
  return { double, provider: googleDriver.open(aConnection(googleDriver, double)) }
}

const picture = (role: InputFile['role']) => anInput(role, fixture.picture, 'image/jpeg')
const clip = (role: InputFile['role']) => anInput(role, fixture.clip, 'video/mp4')

async function sent(job: Partial<ProviderJob>): Promise<Record<string, never>> {
  const { double, provider } = await open()
  await provider.submit(await aProviderJob(job), never)
  return double.requests.at(-1)?.json as Record<string, never>
}

describe('Gemini Omni is sent', () => {
  test('a prompt alone, and no seed, sound or unwanted field', async () => {
    expect(await sent({ endpoint: omni, prompt: 'A quay.', negativePrompt: 'boats' })).toEqual({
      model: 'gemini-omni-1.2-flash',
      input: 'A quay.\nDo not include: boats',
      background: true,
      response_format: {
        type: 'video',
        delivery: 'uri',
        duration: '5s',
        resolution: '720p',
        aspect_ratio: '16:9',
      },
      generation_config: { video_config: { task: 'text_to_video' } },
    })
  })

  test.each([
    ['first_frame', ['first_frame'], '<FIRST_FRAME> A quay.', 'image_to_video', ['image']],
    [
      'first_last_frame',
      ['last_frame', 'first_frame'],
      '<FIRST_FRAME> <LAST_FRAME> A quay.',
      undefined,
      ['image', 'image'],
    ],
    [
      'references',
      ['video', 'image', 'image'],
      '[# References <IMAGE_REF_0>@Image1 <IMAGE_REF_1>@Image2 <VIDEO_REF_0>@Video1] A quay.',
      'reference_to_video',
      ['image', 'image', 'video'],
    ],
    ['extend', ['extend'], 'A quay.', 'extend', ['video']],
  ] as const)('in mode %s its files and what each is for', async (mode, roles, text, task, types) => {
    const inputs = await Promise.all(
      roles.map((role) => (role === 'video' || role === 'extend' ? clip(role) : picture(role))),
    )
    const body = await sent({ endpoint: omni, mode, prompt: 'A quay.', inputs })
    const parts = body.input as unknown as { type: string; text?: string }[]
    expect(parts.map(({ type }) => type)).toEqual([...types, 'text'])
    expect(parts.at(-1)?.text).toBe(text)
    expect(body.generation_config).toEqual(task && { video_config: { task } })
    for (const { name } of inputs) expect(JSON.stringify(body)).not.toContain(name)
  })

  test('several shots as times', async () => {
    const shots = [
      { prompt: 'A quay.', seconds: 3 },
      { prompt: 'A boat.', seconds: 4 },
    ]
    expect((await sent({ endpoint: omni, shots })).input).toBe('[0-3s] A quay.\n[3-7s] A boat.')
  })

  test('no sounds: they are refused before anything leaves', async () => {
    const { double, provider } = await open()
    const inputs = [await anInput('audio', fixture.sound, 'audio/wav')]
    const job = await aProviderJob({ endpoint: omni, mode: 'references', inputs })
    await expect(provider.submit(job, never)).rejects.toMatchObject({
      errorClass: 'invalid_input',
      accepted: 'no',
    })
    expect(double.requests).toEqual([])
  })

  async function aLargeClip() {
    const file = await clip('extend')
    await truncate(file.path, 15 * 1024 * 1024)
    return { ...file, size: 15 * 1024 * 1024 }
  }

  test('a large clip by the Files API, under its random name, and deletes it and the result when told to forget', async () => {
    const { double, provider } = await open({ deletes: true })
    const large = await aLargeClip()
    const job = await aProviderJob({ endpoint: omni, mode: 'extend', inputs: [large], prompt: '[[slow:0]]' })
    const taken = await provider.submit(job, never)
    expect([...double.files.values()]).toEqual([large.name])
    const going = accepted(job, taken)
    expect(going.memo.files).toMatch(/^files\/[\w-]+$/)
    expect((await provider.poll(going, never)).state).toBe('succeeded')
    expect(double.files.size).toBe(2)
    expect(await provider.forget?.(going, never)).toBe('deleted')
    expect(double.files.size).toBe(0)
    expect(await provider.forget?.(going, never)).toBe('already_gone')
  })

  test('no clip that stays behind when the job is refused', async () => {
    const { double, provider } = await open()
    const job = await aProviderJob({
      endpoint: omni,
      mode: 'extend',
      inputs: [await aLargeClip()],
      prompt: '[[invalid]]',
    })
    await expect(provider.submit(job, never)).rejects.toMatchObject({ accepted: 'no' })
    expect(double.files.size).toBe(0)
  })
})

test('what the API cannot delete is not claimed to be deleted', async () => {
  const { double, provider } = await open()
  const job = await aProviderJob({ endpoint: omni, prompt: '[[slow:0]]' })
  const going = accepted(job, await provider.submit(job, never))
  await provider.poll(going, never)
  expect(await provider.forget?.(going, never)).toBe('cannot')
  expect(double.files.size, 'the result is deleted all the same').toBe(0)
})

test('a stray bad request about a running job does not end it', async () => {
  const { provider } = await open({ stray: true })
  const going = await aProviderJob({ endpoint: omni }).then(async (job) =>
    accepted(job, await provider.submit(job, never)),
  )
  await expect(provider.poll(going, never)).rejects.toMatchObject({ errorClass: 'provider_down' })
  expect((await provider.poll(going, never)).state).toBe('running')
})

test('the list of models is for the drift watch', async () => {
  const { provider } = await open()
  expect(await provider.offers?.(never)).toEqual([
    { id: 'gemini-omni-1.2-flash', title: 'Gemini Omni 1.2 Flash' },
  ])
})

describe('Veo on the Gemini API is sent', () => {
  test.each([
    ['text', [], {}],
    ['first_frame', ['first_frame'], { image: expect.anything() }],
    [
      'first_last_frame',
      ['first_frame', 'last_frame'],
      { image: expect.anything(), lastFrame: expect.anything() },
    ],
    ['references', ['image'], { referenceImages: [{ image: expect.anything(), referenceType: 'asset' }] }],
    ['extend', ['extend'], { video: { encodedVideo: expect.anything(), encoding: 'video/mp4' } }],
  ] as const)('in mode %s just its files, and neither seed nor sound', async (mode, roles, files) => {
    const inputs = await Promise.all(roles.map((role) => (role === 'extend' ? clip(role) : picture(role))))
    const endpoint = { ...veo, personGeneration: 'allow_adult' }
    const settings = { ...eight, aspect_ratio: 'auto' as const }
    expect(
      await sent({ endpoint, mode, inputs, settings, prompt: 'A quay.', negativePrompt: 'boats' }),
    ).toEqual({
      instances: [{ prompt: 'A quay.', ...files }],
      parameters: {
        resolution: '720p',
        durationSeconds: 8,
        negativePrompt: 'boats',
        personGeneration: 'allow_adult',
        sampleCount: 1,
      },
    })
  })
})
