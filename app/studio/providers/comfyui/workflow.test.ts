/**
 * It pins: an editor's file taken for a workflow; a seed that stays, so that the server answers from its cache with nothing; a
 * length or side that the model cannot make; a missing file or node found only by a person's job; a result chosen by chance.
 */
import { describe, expect, test } from 'vitest'
import { objectInfoFixture } from '#test/doubles/providers/comfyui-nodes.ts'
import { aProviderJob } from '#test/factories/provider-job.ts'
import { historyAnswer, placeOf, readHistory, videoOf } from './answers.ts'
import { checkWorkflow } from './preflight.ts'
import { suggestBindings } from './suggest.ts'
import { comfyEndpoint, filled, graphSchema, lengthOf, readWorkflow, sidesOf } from './workflow.ts'
import { wan22Image } from './workflows/wan-2.2-14b-image.ts'
import { wan22Text } from './workflows/wan-2.2-14b-text.ts'

describe('a workflow', () => {
  test.each([{ text: wan22Text }, { image: wan22Image }])('as shipped is one: %#', (shipped) => {
    const [endpoint] = Object.values(shipped)
    expect(comfyEndpoint.parse(endpoint)).toEqual(endpoint)
    expect(checkWorkflow(endpoint.graph, endpoint.bindings, objectInfoFixture())).toEqual([])
  })

  test('saved for the editor is refused with what to do', () => {
    const editor = { nodes: [], links: [], definitions: { subgraphs: [] } }
    expect(() => readWorkflow(JSON.stringify(editor))).toThrow(/use Export \(API\)/)
    expect(graphSchema.safeParse(editor).error?.issues[0]?.message).toMatch(/use Export \(API\)/)
    expect(() => readWorkflow('{')).toThrow(/Export \(API\)/)
    expect(() => readWorkflow('{"1": {"class": "x"}}')).toThrow(/Export \(API\)/)
    expect(readWorkflow(JSON.stringify(wan22Text.graph))).toEqual(wan22Text.graph)
  })

  test('with a binding or an output that is not there is refused', () => {
    const wrong = { ...wan22Text, bindings: { ...wan22Text.bindings, fps: '60.speed' }, outputs: ['62'] }
    expect(comfyEndpoint.safeParse(wrong).error?.issues.map(({ message }) => message)).toEqual([
      'The workflow has no 60.speed',
      'The workflow has no 62',
    ])
    const { seed: _, ...seedless } = wan22Text.bindings
    expect(comfyEndpoint.safeParse({ ...wan22Text, bindings: seedless }).success).toBe(false)
  })

  test('is filled without touching the template', async () => {
    const before = structuredClone(wan22Text)
    const settings = {
      seconds: 5,
      aspect_ratio: '9:16',
      resolution: '480p',
      audio: false,
      seed: 77,
      mode: 'text',
    } as const
    const job = await aProviderJob({ prompt: 'A quay.', negativePrompt: 'boats', settings })
    const graph = filled(wan22Text, job, 'the-id', new Map())
    expect(graph['6']?.inputs.text).toBe('A quay.')
    expect(graph['7']?.inputs.text).toBe('boats')
    expect(graph['59']?.inputs).toMatchObject({ width: 480, height: 848, length: 81 })
    expect(graph['57']?.inputs.noise_seed).toBe(77)
    expect(graph['60']?.inputs.fps).toBe(16)
    expect(graph['61']?.inputs.filename_prefix).toBe('fairframe/the-id')
    expect(wan22Text).toEqual(before)
    const silent = filled(wan22Text, { ...job, negativePrompt: undefined }, 'x', new Map())
    expect(silent['7']).toEqual(before.graph['7'])
  })

  test.each([
    [5, { fps: 16, base: 4, add: 1, sides: 16 }, 81],
    [5, { fps: 24, base: 4, add: 1, sides: 32 }, 121],
    [3, { fps: 16, base: 4, add: 1, sides: 16 }, 49],
    [0.01, { fps: 16, base: 4, add: 1, sides: 16 }, 5],
    [4, { fps: 25, base: 8, add: 1, sides: 32 }, 97],
  ])('of %d s by %j has %d frames', (seconds, frames, length) => {
    expect(lengthOf(seconds, frames)).toBe(length)
  })

  test.each([
    ['16:9', '720p', 16, [1280, 720]],
    ['16:9', '720p', 32, [1280, 736]],
    ['1:1', '480p', 16, [480, 480]],
    ['auto', '480p', 16, [848, 480]],
    ['21:9', '360p', 16, [848, 368]],
  ] as const)('in %s at %s has sides of multiples of %d', (aspect, resolution, multiple, sides) => {
    expect(sidesOf(aspect, resolution, multiple)).toEqual(sides)
  })
})

describe('the look before', () => {
  const says = (change: (info: ReturnType<typeof objectInfoFixture>) => void, graph = wan22Image.graph) => {
    const info = objectInfoFixture()
    change(info)
    return checkWorkflow(graph, wan22Image.bindings, info).map(({ says: { text, values }, ...at }) => ({
      ...at,
      text: text.replace(/\{(\w+)\}/g, (_, name) => String(values?.[name])),
    }))
  }

  test('names the node that is not installed', () => {
    const found = says((info) => delete info.WanImageToVideo)
    expect(found).toEqual([
      { node: '98', text: 'Node 98: the server has no WanImageToVideo. Install what brings it.' },
    ])
  })

  test('names the file that is missing, in both spellings of a choice', () => {
    const found = says((info) => {
      if (info.VAELoader) info.VAELoader.input.required.vae_name = [['other.safetensors'], {}]
      if (info.SaveVideo) info.SaveVideo.input.required.codec = ['COMBO', { options: ['av1'] }]
    })
    expect(found.map(({ text }) => text)).toEqual([
      'Node 39: vae_name is wan_2.1_vae.safetensors, which the server does not have.',
      'Node 61: codec is auto, which the server does not have.',
    ])
  })

  test('finds loose ends, missing inputs, lost bindings and a graph that saves nothing', () => {
    const { '61': _, '97': __, ...graph } = structuredClone(wan22Image.graph)
    delete graph['54']?.inputs.shift
    expect(says(() => {}, graph).map(({ node, input }) => [node, input])).toEqual([
      ['61', 'filename_prefix'],
      ['97', 'image'],
      ['54', 'shift'],
      ['98', 'start_image'],
      ['', undefined],
    ])
  })

  test('does not take a web page for a server', () => {
    expect(checkWorkflow(wan22Text.graph, wan22Text.bindings, '<html>')).toHaveLength(1)
  })
})

describe('a guess at the bindings', () => {
  test.each([{ text: wan22Text }, { image: wan22Image }])(
    'of the shipped workflows is right: %#',
    (shipped) => {
      const [{ graph, bindings, frames, outputs }] = Object.values(shipped)
      const lists = { ...bindings, name: [bindings.name].flat() }
      expect(suggestBindings(graph)).toEqual({ bindings: lists, frames, outputs })
    },
  )

  test('goes by titles where nothing is connected, and says nothing where it cannot know', () => {
    const graph = {
      '1': { class_type: 'X', inputs: { text: 'a' }, _meta: { title: 'Negative Prompt' } },
      '2': { class_type: 'X', inputs: { text: 'b' }, _meta: { title: 'Prompt' } },
    }
    expect(suggestBindings(graph)).toEqual({
      bindings: { prompt: '2.text', negative: '1.text' },
      outputs: [],
    })
  })
})

describe('recorded answers', () => {
  const entry = (
    outputs: Record<string, unknown>,
    status: unknown = { status_str: 'success', completed: true },
  ) => {
    const read = readHistory({ x: { outputs, status } }, 'x')
    if (!read) throw new Error('No entry')
    return read
  }
  const saved = { filename: 'ComfyUI_00001_.mp4', subfolder: 'video', type: 'output' }

  test.each([
    ['SaveVideo', { '61': { images: [saved], animated: [true] } }],
    [
      'VideoHelperSuite',
      {
        '61': {
          gifs: [
            { ...saved, type: 'temp' },
            { ...saved, format: 'video/h264-mp4' },
          ],
        },
      },
    ],
  ])('of %s: the saved video', (_, outputs) => {
    expect(videoOf(entry(outputs), ['61'])).toMatchObject(saved)
    expect(historyAnswer(entry(outputs), ['61'])).toEqual({ state: 'succeeded' })
  })

  test('without a video of the named nodes there is no result', () => {
    const outputs = { '9': { images: [saved] }, '61': { images: [{ ...saved, filename: 'a.png' }] } }
    expect(historyAnswer(entry(outputs), ['61'])).toEqual({ state: 'failed', errorClass: 'result_expired' })
  })

  test('an error ended it, also when somebody interrupted it at the server', () => {
    const messages = [['execution_interrupted', { prompt_id: 'x' }]]
    const status = { status_str: 'error', completed: false, messages }
    expect(historyAnswer(entry({}, status), ['61'])).toEqual({ state: 'failed', errorClass: 'provider_down' })
  })

  test('the pending wait in the order of their numbers', () => {
    const queue = {
      queue_running: [[1, 'a', {}, {}, []]],
      queue_pending: [
        [4, 'd', {}, {}, []],
        [2, 'b', {}, {}, []],
        [3, 'c', {}, {}, []],
      ],
    }
    expect(placeOf(queue, 'd')).toEqual({ state: 'pending', position: 3 })
    expect(placeOf(queue, 'a')).toEqual({ state: 'running' })
    expect(placeOf(queue, 'e')).toEqual({ state: 'none' })
    expect(() => placeOf('<html>', 'a')).toThrow('provider_down')
  })
})
