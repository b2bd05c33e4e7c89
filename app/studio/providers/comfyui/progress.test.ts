/**
 * It pins: a job without progress on a server that tells it; a socket that fails, lies or says nothing and takes the job, the
 * poll or the process with it; another prompt's progress taken for ours; a preview read as words; a film that goes backwards;
 * a job called done before the history has its file.
 */
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AcceptedJob } from '#app/studio/providers/provider.ts'
import { comfyuiDouble } from '#test/doubles/providers/comfyui.ts'
import type { SocketKind } from '#test/doubles/providers/comfyui-socket.ts'
import { aConnection, accepted, aProviderJob } from '#test/factories/provider-job.ts'
import { comfyuiDriver, openComfyui } from './driver.ts'
import { jobIdOf } from './job-id.ts'
import { progressEar } from './progress.ts'
import { listen } from './socket.ts'
import { wan22Text } from './workflows/wan-2.2-14b-text.ts'

const never = new AbortController().signal
const FOR_EVER = 60 * 60_000
/** Of the workflow's nodes, six have ended and the first sampler is half through. */
const HALF_SAMPLED = 6.5 / Object.keys(wan22Text.graph).length
const SAMPLER_AWAKE = 6 / Object.keys(wan22Text.graph).length

async function open(listenMs = FOR_EVER) {
  const double = await comfyuiDouble()
  onTestFinished(() => double.close())
  const settings = comfyuiDriver.settings.parse({ headers: { 'CF-Access-Client-Id': 'x' } })
  const provider = openComfyui(aConnection(comfyuiDriver, double, { settings }), listenMs)
  const take = async (prompt: string) => {
    const job = await aProviderJob({ endpoint: wan22Text, prompt })
    return accepted(job, await provider.submit(job, never))
  }
  const progress = async (job: AcceptedJob, signal = never) => {
    const answer = await provider.poll(job, signal)
    if (answer.state !== 'running') throw new Error(`It has ${answer.state}`)
    return answer.progress
  }
  const allClosed = () => vi.waitFor(() => expect(double.sockets.open).toBe(0))
  return { double, provider, take, progress, allClosed }
}

test('a running job says how far it is: its finished nodes and the steps of the one that runs', async () => {
  const { double, take, progress, allClosed } = await open()
  const job = await take('[[stuck]]')
  expect(await progress(job)).toBeCloseTo(HALF_SAMPLED)
  await allClosed()
  const asOpened = comfyuiDriver.open(aConnection(comfyuiDriver, double))
  expect(await asOpened.poll(job, never)).toMatchObject({ progress: expect.closeTo(HALF_SAMPLED) })
})

test('the socket is asked for by the job’s own client id, with the operator’s headers and no origin', async () => {
  const { double, take, progress } = await open()
  const job = await take('[[stuck]]')
  await progress(job)
  const [came] = double.sockets.came
  expect(came?.path).toBe(`/ws?clientId=${jobIdOf(job.attempt)}`)
  expect(came?.headers).toMatchObject({ authorization: `Bearer ${double.key}`, 'cf-access-client-id': 'x' })
  expect(came?.headers.origin).toBeUndefined()
})

test.each<SocketKind>(['huge', 'parts', 'joined', 'drip'])(
  'what is told in an unusual way, or after something unusual, is heard: %s',
  async (kind) => {
    const { take, progress, allClosed } = await open()
    expect(await progress(await take(`[[stuck]][[socket:${kind}]]`))).toBeCloseTo(HALF_SAMPLED)
    await allClosed()
  },
)

describe('a socket that is of no use changes nothing', () => {
  const kinds: SocketKind[] = [
    'refused',
    'redirected',
    'stranger',
    'breaks',
    'noise',
    'masked',
    'compressed',
    'nonsense',
    'others',
  ]
  test.each(kinds)('%s, known at once', async (kind) => {
    const { double, provider, take, allClosed } = await open()
    const job = await take(`[[socket:${kind}]]`)
    expect(await provider.poll(job, never)).toEqual({ state: 'running', againAfterMs: 2000 })
    await allClosed()
    expect(double.sockets.came, 'nobody is sent elsewhere').toHaveLength(1)
    expect((await provider.poll(job, never)).state).toBe('succeeded')
  })

  test.each<SocketKind>(['mute', 'silent'])('%s, after its time', async (kind) => {
    const { provider, take, allClosed } = await open(50)
    const job = await take(`[[socket:${kind}]]`)
    expect(await provider.poll(job, never)).toEqual({ state: 'running', againAfterMs: 2000 })
    await allClosed()
    expect((await provider.poll(job, never)).state).toBe('succeeded')
  })

  test('nor does a server that is gone by then', async () => {
    const { double } = await open()
    await double.close()
    const listening = { headers: {}, forMs: FOR_EVER, signal: never, hear: () => true }
    await expect(listen(`${double.addresses.server}/ws`, listening)).resolves.toBeUndefined()
  })
})

test.each<SocketKind>(['mute', 'silent'])('a worker that stops waits for no socket: %s', async (kind) => {
  const { double, take, progress, allClosed } = await open()
  const job = await take(`[[stuck]][[socket:${kind}]]`)
  const stop = new AbortController()
  const asked = progress(job, stop.signal)
  await vi.waitFor(() => expect(double.sockets.open).toBe(1))
  stop.abort(new Error('the worker stops'))
  await expect(asked).rejects.toThrow('the worker stops')
  await allClosed()
})

test('a server that only names the node that runs has ended all that this node needs', async () => {
  const { double, take, progress, allClosed } = await open()
  expect(await progress(await take('[[stuck]][[socket:waking]]'))).toBeCloseTo(SAMPLER_AWAKE)
  await allClosed()
  expect(double.sockets.heard, 'a pong, and a farewell').toEqual([10, 8])
})

test('an old server, which tells one node’s steps and what it had from before, is understood', async () => {
  const { take, progress } = await open()
  const one = 1 / Object.keys(wan22Text.graph).length
  expect(await progress(await take('[[stuck]][[socket:old]]'))).toBeCloseTo(HALF_SAMPLED + one)
})

test('no film goes backwards, and the next one starts at its own beginning', async () => {
  const { double, provider, take, progress } = await open()
  const job = await take('[[stuck]]')
  expect(await progress(job)).toBeCloseTo(HALF_SAMPLED)
  double.sockets.kind = 'waking'
  expect(await progress(job)).toBeCloseTo(HALF_SAMPLED)
  await provider.cancel?.(job, never)
  expect(await progress(await take('[[stuck]]'))).toBeCloseTo(SAMPLER_AWAKE)
})

test('only of a job that runs is progress asked: not of those that wait, have ended or were lost', async () => {
  const { double, provider, take } = await open()
  const first = await take('[[stuck]]')
  const waiting = await take('[[stuck]]')
  expect(await provider.poll(waiting, never)).toMatchObject({ position: 1 })
  await provider.cancel?.(waiting, never)
  expect((await provider.poll(waiting, never)).state).toBe('failed')
  double.restart()
  expect(await provider.poll(first, never)).toEqual({ state: 'failed', errorClass: 'provider_down' })
  expect(double.sockets.came).toEqual([])
})

describe('of what is told', () => {
  const graph = {
    load: { class_type: 'A', inputs: {} },
    sample: { class_type: 'B', inputs: { model: ['load', 0], latent: ['gone', 0] } },
    save: { class_type: 'C', inputs: { video: ['sample', 0], name: 'x' } },
    alone: { class_type: 'D', inputs: { self: ['alone', 0] } },
  }
  const heard = (type: string, ...told: object[]) => {
    const ear = progressEar(graph, 'ours')
    const enough = told.map((content) => ear.hear(JSON.stringify({ type, data: content })))
    return { enough: enough.at(-1), progress: ear.progress() }
  }
  const done = { state: 'finished', value: 1, max: 1 }

  test('a job whose nodes have all ended is not done while it runs', () => {
    const nodes = { load: done, sample: done, save: done, alone: done }
    expect(heard('progress_state', { prompt_id: 'ours', nodes })).toEqual({ enough: true, progress: 0.99 })
  })

  test('the latest state replaces the one before', () => {
    const later = { load: { ...done, state: 'running', value: 1, max: 2 } }
    const told = [{ load: done, alone: done }, later].map((nodes) => ({ prompt_id: 'ours', nodes }))
    expect(heard('progress_state', ...told).progress).toBe(0.125)
  })

  test('nodes within a node count as it, and steps beyond the last as the last', () => {
    const inner = { prompt_id: 'ours', node: 'sample.0.1', display_node: 'sample', value: 3, max: 4 }
    expect(heard('progress', inner).progress).toBe(0.25)
    expect(heard('progress', { ...inner, node: 'sample', value: 9 }).progress).toBe(0.5)
    expect(heard('progress', { ...inner, node: 'sample', max: 0 }).progress).toBe(0.25)
    expect(heard('progress', { ...inner, display_node: 'other' })).toEqual({ enough: false })
  })

  test('another prompt’s steps are none of ours', () => {
    const told = { prompt_id: 'theirs', node: 'save', value: 1, max: 2 }
    expect(heard('progress', told)).toEqual({ enough: false, progress: undefined })
    expect(heard('executing', { ...told, node: 'save' }).progress).toBeUndefined()
  })

  test('a node that needs itself has not ended', () => {
    expect(heard('executing', { prompt_id: 'ours', node: 'alone' })).toEqual({ enough: false, progress: 0 })
  })

  test('what was had from before counts once', () => {
    const told = { prompt_id: 'ours', nodes: ['load', 'load', 'unknown'] }
    expect(heard('execution_cached', told)).toEqual({ enough: false, progress: 0.25 })
  })
})
