/**
 * ByteDance's Seedance (docs.byteplus.com/en/docs/ModelArk/1520757, docs.kie.ai/market/bytedance, fal.ai/models/bytedance).
 * A video follows the shape of its first picture, whatever shape was asked for. Real faces in pictures are refused upstream.
 */
import type { ModelRecord } from '../record.ts'
import { openRouter } from './openrouter.ts'
import { costs, PICTURE_BYTES, quarterOnTop, soundNotAlone } from './terms.ts'

/**
 * ModelArk and fal charge tokens: width x height x 24 / 1024 for each second. These are of the largest shape of each
 * resolution, a little more than the others take.
 */
const tokens = "pick(resolution, '480p', 10200, '720p', 22600, '1080p', 49200)"
/** `rate` is US dollars for a million tokens. */
const byTokens = (rate: string, seconds = 'seconds') => costs(`${seconds} * ${tokens} * (${rate}) / 1000000`)
/** A clip that is given is charged like one that is made, at six tenths of the rate (fal). */
const withClips = 'seconds + video_seconds'

const picture = {
  mostBytes: PICTURE_BYTES,
  leastPixels: 300,
  mostPixels: 6000,
  leastRatio: 0.4,
  mostRatio: 2.5,
}
const frames = { first_frame: { most: 1, ...picture }, last_frame: { most: 1, ...picture } }
const references = {
  image: { most: 9, ...picture },
  // Between 640x640 and 834x1112 pixels.
  video: {
    most: 3,
    leastSeconds: 2,
    mostSeconds: 15,
    totalSeconds: 15,
    mostBytes: 50_000_000,
    leastPixels: 480,
    mostPixels: 1280,
  },
  audio: { most: 3, leastSeconds: 2, mostSeconds: 15, totalSeconds: 15, mostBytes: PICTURE_BYTES },
}
const shapes: ModelRecord['aspectRatios'] = ['16:9', '9:16', '1:1', '4:3', '3:4', '21:9']

/** Files travel inside the request to ModelArk, which takes clips by a public address only: we publish nobody's. */
const arkTakes = 'videos == 0 and references <= 4'

/** At OpenRouter. */
const withReferences: NonNullable<ModelRecord['routes'][number]['modes']> = [
  'text',
  'first_frame',
  'first_last_frame',
  'references',
]

const common = {
  kind: 'trained',
  lifecycle: { state: 'active' },
  standardResolution: '720p',
  audio: 'optional',
  // KIE takes none.
  seed: false,
  prompt: { least: 3, most: 5000 },
  price: quarterOnTop,
} satisfies Partial<ModelRecord>

const secondGeneration = {
  ...common,
  modes: ['text', 'first_frame', 'first_last_frame', 'references'],
  aspectRatios: [...shapes, 'auto'],
  inputs: { ...frames, ...references },
  mostInputs: 12,
  rules: [soundNotAlone],
} satisfies Partial<ModelRecord>

function falEndpoint(root: string) {
  return {
    dialect: 'seedance-2',
    ids: {
      text: `${root}/text-to-video`,
      first_frame: `${root}/image-to-video`,
      first_last_frame: `${root}/image-to-video`,
      references: `${root}/reference-to-video`,
    },
  }
}

export const seedance15Pro: ModelRecord = {
  ...common,
  id: 'seedance-1.5-pro',
  name: 'Seedance 1.5 Pro',
  version: '1.5',
  says: 'ByteDance’s earlier film model: four to twelve seconds, cheap, with sound if you like.',
  modes: ['text', 'first_frame', 'first_last_frame'],
  seconds: { least: 4, most: 12, standard: 5 },
  aspectRatios: shapes,
  resolutions: ['480p', '720p', '1080p'],
  inputs: frames,
  routes: [
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'jobs', model: 'bytedance/seedance-1.5-pro', input: 'seedance-1.5' },
      // kie.ai/pricing, 2026-06-30.
      cost: costs(
        "seconds * pick(resolution, '480p', 0.00875, '720p', 0.0175, '1080p', 0.0375) * (audio ? 2 : 1)",
      ),
    },
    {
      id: 'fal',
      provider: 'fal',
      endpoint: {
        dialect: 'seedance-1.5',
        ids: {
          text: 'fal-ai/bytedance/seedance/v1.5/pro/text-to-video',
          first_frame: 'fal-ai/bytedance/seedance/v1.5/pro/image-to-video',
          first_last_frame: 'fal-ai/bytedance/seedance/v1.5/pro/image-to-video',
        },
      },
      // fal.ai/models/fal-ai/bytedance/seedance/v1.5/pro/text-to-video, 2026-11.
      cost: byTokens('audio ? 2.4 : 1.2'),
    },
    {
      id: 'ark',
      provider: 'ark',
      endpoint: { model: 'seedance-1-5-pro-251215' },
      // As fal's, which passes BytePlus' rate on (docs.comfy.org/tutorials/partner-nodes/pricing, 2026-05).
      cost: byTokens('audio ? 2.4 : 1.2'),
    },
    openRouter('bytedance/seedance-1-5-pro', { cost: byTokens('audio ? 2.4 : 1.2') }),
  ],
  deadlineSeconds: 1800,
}

export const seedance2: ModelRecord = {
  ...secondGeneration,
  id: 'seedance-2.0',
  name: 'Seedance 2.0',
  version: '2.0',
  says: 'ByteDance’s film model: up to fifteen seconds with sound, from words, pictures, clips and sounds together.',
  seconds: { least: 4, most: 15, standard: 5 },
  resolutions: ['480p', '720p', '1080p', '4k'],
  routes: [
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'jobs', model: 'bytedance/seedance-2', input: 'seedance-2' },
      // kie.ai/pricing, 2026-06-30.
      cost: costs(
        "videos > 0 ? (seconds + video_seconds) * pick(resolution, '480p', 0.057, '720p', 0.125, '1080p', 0.31, '4k', 0.64) : seconds * pick(resolution, '480p', 0.095, '720p', 0.205, '1080p', 0.51, '4k', 1.04)",
      ),
    },
    {
      id: 'fal',
      provider: 'fal',
      endpoint: falEndpoint('bytedance/seedance-2.0'),
      resolutions: ['480p', '720p', '1080p'],
      // fal.ai/models/bytedance/seedance-2.0/reference-to-video, 2026-11.
      cost: byTokens('videos > 0 ? 8.4 : 14', `(${withClips})`),
    },
    {
      id: 'ark',
      provider: 'ark',
      endpoint: { model: 'dreamina-seedance-2-0-260128' },
      // What 4K costs there was not to be found.
      resolutions: ['480p', '720p', '1080p'],
      takes: arkTakes,
      // docs.comfy.org/tutorials/partner-nodes/pricing passes BytePlus' rate on (2026-05); 1080p as apimart.ai resells it (2026-10).
      cost: byTokens("resolution == '1080p' ? 7.9 : 7"),
    },
    openRouter('bytedance/seedance-2.0', {
      modes: withReferences,
      resolutions: ['480p', '720p', '1080p'],
      cost: byTokens("resolution == '1080p' ? 7.7 : 7"),
    }),
  ],
  deadlineSeconds: 1800,
}

export const seedance2Fast: ModelRecord = {
  ...secondGeneration,
  id: 'seedance-2.0-fast',
  name: 'Seedance 2.0 Fast',
  version: '2.0',
  says: 'Seedance 2.0 in its quick form: the same materials, up to 720p, for less.',
  seconds: { least: 4, most: 15, standard: 5 },
  resolutions: ['480p', '720p'],
  routes: [
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'jobs', model: 'bytedance/seedance-2-fast', input: 'seedance-2' },
      // kie.ai/pricing, 2026-06-30.
      cost: costs(
        "videos > 0 ? (seconds + video_seconds) * pick(resolution, '480p', 0.045, '720p', 0.1) : seconds * pick(resolution, '480p', 0.0775, '720p', 0.165)",
      ),
    },
    {
      id: 'fal',
      provider: 'fal',
      endpoint: falEndpoint('bytedance/seedance-2.0/fast'),
      // fal.ai/models/bytedance/seedance-2.0/fast/reference-to-video, 2026-11.
      cost: byTokens('videos > 0 ? 6.72 : 11.2', `(${withClips})`),
    },
    {
      id: 'ark',
      provider: 'ark',
      endpoint: { model: 'dreamina-seedance-2-0-fast-260128' },
      takes: arkTakes,
      // docs.comfy.org/tutorials/partner-nodes/pricing, which passes BytePlus' rate on, 2026-05.
      cost: byTokens('5.6'),
    },
    openRouter('bytedance/seedance-2.0-fast', { modes: withReferences, cost: byTokens('4.2') }),
  ],
  deadlineSeconds: 1800,
}

export const seedance25: ModelRecord = {
  ...secondGeneration,
  id: 'seedance-2.5',
  name: 'Seedance 2.5',
  version: '2.5',
  says: 'ByteDance’s newest film model: whole scenes of up to thirty seconds with sound, in 720p.',
  seconds: { least: 4, most: 30, standard: 5 },
  resolutions: ['480p', '720p'],
  routes: [
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'jobs', model: 'bytedance/seedance-2-5', input: 'seedance-2' },
      // 28 and 63 credits of half a cent a second (kie.ai/pricing, 2026-10-05); clips as if they were made at the same rate.
      cost: costs("(seconds + video_seconds) * pick(resolution, '480p', 0.14, '720p', 0.315)"),
    },
    {
      id: 'fal',
      provider: 'fal',
      endpoint: falEndpoint('bytedance/seedance-2.5'),
      // The rate of its 1080p, the only one found and the dearest (fal.ai/models/bytedance/seedance-2.5, 2026-11).
      cost: byTokens('videos > 0 ? 14.04 : 23.4', `(${withClips})`),
    },
    {
      id: 'ark',
      provider: 'ark',
      endpoint: { model: 'dreamina-seedance-2-5-260628' },
      takes: arkTakes,
      // BytePlus' own example of five seconds for 1.156 in 720p (dev.to/develmilk, 2026); its list is ModelArk/1544106.
      cost: byTokens('10.7'),
    },
    openRouter('bytedance/seedance-2.5', { modes: withReferences, cost: byTokens('10.7') }),
  ],
  deadlineSeconds: 3600,
}
