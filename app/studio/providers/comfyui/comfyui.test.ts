/**
 * It pins: a job that slips between queue and history and is given up; somebody else's job interrupted; a job lost in a
 * restart that waits for ever; a slot of the template left with the template's own file; a missing model told as a person's
 * mistake; inputs and results that stay readable after a job is to be forgotten.
 */
import { describe, expect, onTestFinished, test } from 'vitest'
import { providerContract } from '#app/studio/providers/provider.contract.ts'
import type { ProviderJob } from '#app/studio/providers/provider.ts'
import { MINUTE, movableClock } from '#core/clock/clock.ts'
import { newId } from '#core/ids/ids.ts'
import { comfyuiDouble } from '#test/doubles/providers/comfyui.ts'
import { aConnection, accepted, anInput, aProviderJob, fixture } from '#test/factories/provider-job.ts'
import { comfyuiDriver } from './driver.ts'
import { jobIdOf, timeOf } from './job-id.ts'
import { wan22Image } from './workflows/wan-2.2-14b-image.ts'
import { wan22Text } from './workflows/wan-2.2-14b-text.ts'

const never = new AbortController().signal

providerContract({
  driver: comfyuiDriver,
  double: comfyuiDouble,
  job: { endpoint: wan22Text },
  reconciles: 'found',
  policyAt: 'submit',
  cannot: {
    policy: 'a server of one’s own has no policy',
    face: 'a server of one’s own has no policy',
    429: 'it queues without bound',
    credit: 'it costs nothing',
  },
})

async function open(options: { old?: boolean } = {}, changes: Parameters<typeof aConnection>[2] = {}) {
  const double = await comfyuiDouble(options)
  onTestFinished(() => double.close())
  const provider = comfyuiDriver.open(aConnection(comfyuiDriver, double, changes))
  const take = async (prompt: string, wanted: Partial<ProviderJob> = {}) => {
    const job = await aProviderJob({ endpoint: wan22Text, prompt, ...wanted })
    return accepted(job, await provider.submit(job, never))
  }
  return { double, provider, take }
}

async function withPicture(prompt = 'A quay.'): Promise<Partial<ProviderJob>> {
  const inputs = [await anInput('first_frame', fixture.picture, 'image/jpeg')]
  return { endpoint: wan22Image, mode: 'first_frame', prompt, inputs }
}

test('the job has the attempt’s own id, and its time is read from it', () => {
  const attempt = newId('attempt', Date.UTC(2026, 10, 21))
  expect(jobIdOf(attempt)).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(timeOf(jobIdOf(attempt))).toBe(Date.UTC(2026, 10, 21))
  // The example of the TypeID spec.
  expect(jobIdOf('att_01h455vb4pex5vsknk084sn02q' as typeof attempt)).toBe(
    '01890a5d-ac96-774b-bcce-b302099a8057',
  )
})

test('a picture goes up under its random name, and nothing names the person’s file', async () => {
  const { double, take } = await open()
  const wanted = await withPicture()
  const { memo } = await take('A quay.', wanted)
  const name = wanted.inputs?.[0]?.name
  expect([...double.files.keys()]).toEqual([`input/fairframe/${name}`])
  expect(memo).toEqual({ inputs: name })
  expect(double.requests.at(-1)?.json).toMatchObject({
    prompt: { '97': { inputs: { image: `fairframe/${name}` } }, '6': { inputs: { text: 'A quay.' } } },
  })
})

test('a job without the file that the workflow wants is refused before anything leaves', async () => {
  const { double, take } = await open()
  await expect(take('A quay.', { endpoint: wan22Image })).rejects.toMatchObject({
    errorClass: 'invalid_input',
    accepted: 'no',
    providerCode: 'first_frame: 1 wanted, 0 given',
  })
  const inputs = [await anInput('last_frame', fixture.picture, 'image/jpeg')]
  await expect(take('A quay.', { inputs })).rejects.toMatchObject({ errorClass: 'invalid_input' })
  expect(double.requests).toEqual([])
})

test('an upload that fails took no job', async () => {
  const { double, provider } = await open()
  double.uploadsBreak = true
  const job = await aProviderJob(await withPicture())
  await expect(provider.submit(job, never)).rejects.toMatchObject({
    errorClass: 'provider_down',
    accepted: 'no',
  })
})

test('who waits hears how many are before him', async () => {
  const { provider, take } = await open()
  const jobs = [
    await take('[[stuck]]'),
    await take('[[stuck]]'),
    await take('[[stuck]]'),
    await take('[[stuck]]'),
  ]
  const answers = await Promise.all(jobs.map((job) => provider.poll(job, never)))
  expect(answers.map((answer) => ('position' in answer ? answer.position : undefined))).toEqual([
    undefined,
    1,
    2,
    3,
  ])
})

test('jobs lost in a restart have failed, and those that are new are taken', async () => {
  const { double, provider, take } = await open()
  const lost = await take('[[stuck]]')
  expect((await provider.poll(lost, never)).state).toBe('running')
  double.restart()
  expect(await provider.poll(lost, never)).toEqual({ state: 'failed', errorClass: 'provider_down' })
  expect((await provider.poll(await take('A quay.'), never)).state).toBe('running')
})

test.each([
  ['value_not_in_list', '37.unet_name wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors', '[[retired]]'],
])('what is missing on the server is told to the operator: %s', async (_, code, prompt) => {
  const { take } = await open()
  await expect(take(prompt)).rejects.toMatchObject({ errorClass: 'model_retired', providerCode: code })
})

test('a node that is not installed is told to the operator', async () => {
  const { double, take } = await open()
  delete double.nodes.CreateVideo
  await expect(take('A quay.')).rejects.toMatchObject({
    errorClass: 'model_retired',
    providerCode: 'missing_node_type CreateVideo',
  })
})

test('a proxy’s refusal of the key is one of the key, and its headers are sent', async () => {
  const { double, take } = await open({}, { keyIs: 'wrong' })
  await expect(take('A quay.')).rejects.toMatchObject({ errorClass: 'provider_auth', accepted: 'no' })
  const settings = comfyuiDriver.settings.parse({ headers: { 'CF-Access-Client-Id': 'x' } })
  const other = comfyuiDriver.open(aConnection(comfyuiDriver, double, { settings }))
  expect(await other.health(never)).toEqual({ says: 'ComfyUI 0.9.2, cuda:0 NVIDIA GeForce RTX 4090, 24 GB' })
  expect(double.requests.at(-1)?.headers['cf-access-client-id']).toBe('x')
  expect(comfyuiDriver.settings.safeParse({ headers: { Origin: 'https://x' } }).success).toBe(false)
})

describe.each([{ old: false }, { old: true }])('cancelling on a server ($old: old)', ({ old }) => {
  test('stops what runs, takes out what waits, and leaves the others alone', async () => {
    const { double, provider, take } = await open({ old })
    const [other, waiting] = [await take('[[stuck]]'), await take('[[stuck]]')]
    expect(await provider.cancel?.(waiting, never)).toBe(true)
    expect((await provider.poll(other, never)).state).toBe('running')
    expect(await provider.cancel?.(other, never)).toBe(true)
    expect(double.cancelled).toEqual([waiting.providerJob, other.providerJob])
    const third = await take('[[stuck]]')
    expect(await provider.cancel?.(other, never), 'it has ended').toBe(false)
    expect((await provider.poll(third, never)).state).toBe('running')
  })
})

describe('forgetting', () => {
  async function made() {
    const opened = await open()
    const job = await opened.take('', await withPicture('[[slow:0]]'))
    expect((await opened.provider.poll(job, never)).state).toBe('succeeded')
    expect([...opened.double.files.keys()].map((name) => name.split('/')[0]).sort()).toEqual([
      'input',
      'output',
    ])
    return { ...opened, job }
  }
  const left = (files: Awaited<ReturnType<typeof made>>['double']['files']) =>
    [...files.values()].map((bytes) => bytes.length)

  test('empties inputs and results, and deletes the history with its prompt', async () => {
    const { double, provider, job } = await made()
    expect(await provider.forget?.(job, never)).toBe('deleted')
    expect(left(double.files)).toEqual([0, 0])
    expect((await provider.poll(job, never)).state).toBe('failed')
  })

  test('finds the result by its name when a restart lost the history', async () => {
    const { double, provider, job } = await made()
    double.restart()
    expect(await provider.forget?.(job, never)).toBe('deleted')
    expect(left(double.files)).toEqual([0, 0])
  })

  test('is no error for a job that left nothing', async () => {
    const { provider, take } = await open()
    const job = await take('[[gone]]')
    await provider.poll(job, never)
    expect(await provider.forget?.(job, never)).toBe('already_gone')
  })
})

test('a submission that nobody knows is absent, but not while it may be on its way', async () => {
  const clock = movableClock()
  const { provider } = await open({}, { clock })
  const job = await aProviderJob({ endpoint: wan22Text, attempt: newId('attempt', clock.now()) })
  expect(await provider.reconcile?.(job, never)).toEqual({ state: 'unsure' })
  clock.advance(4 * MINUTE)
  expect(await provider.reconcile?.(job, never)).toEqual({ state: 'absent' })
})

test('a job found again knows its uploads, so that they can be erased', async () => {
  const { provider } = await open()
  const job = await aProviderJob(await withPicture('[[lost]]'))
  await expect(provider.submit(job, never)).rejects.toMatchObject({ accepted: 'perhaps' })
  expect(await provider.reconcile?.(job, never)).toMatchObject({ memo: { inputs: job.inputs[0]?.name } })
})

test('an upload that is stopped before it starts ends nothing but itself', async () => {
  const { provider } = await open()
  const job = await aProviderJob(await withPicture())
  await expect(provider.submit(job, AbortSignal.abort(new Error('the worker stops')))).rejects.toThrow(
    'stops',
  )
})
