/**
 * Google's Veo 3.1 in its three sizes. It ended on the Gemini API on 2026-10-22 (ai.google.dev/gemini-api/docs/deprecations);
 * Vertex AI has it as generally available, fal and KIE resell it. Capabilities: docs.kie.ai/veo3-api,
 * cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation, fal.ai/models/fal-ai/veo3.1.
 */
import type { ModelRecord } from '../record.ts'
import { openRouter } from './openrouter.ts'
import { autoNeedsPicture, costs, PICTURE_BYTES, quarterOnTop } from './terms.ts'

const frame = { most: 1, mostBytes: PICTURE_BYTES }
const rules: ModelRecord['rules'] = [
  autoNeedsPicture,
  {
    when: "resolution == '1080p' or resolution == '4k'",
    must: 'seconds == 8',
    field: 'seconds',
    says: 'In 1080p and 4K this model makes eight seconds. Choose 8 seconds or 720p.',
  },
  {
    when: "mode == 'references'",
    must: 'seconds == 8',
    field: 'seconds',
    says: 'With references this model makes eight seconds. Choose 8 seconds.',
  },
]
/** fal alone continues a clip of anybody's; KIE goes on with its own by their task. Vertex takes those that Veo made. */
const extension: NonNullable<ModelRecord['rules']> = [
  {
    when: "mode == 'extend'",
    must: "seconds == 7 and resolution == '720p'",
    field: 'seconds',
    says: 'This model continues a clip by seven seconds in 720p. Choose 7 seconds and 720p.',
  },
  {
    when: 'seconds == 7',
    must: "mode == 'extend'",
    field: 'seconds',
    says: 'Seven seconds are for continuing a clip. Choose 4, 6 or 8.',
  },
]
/**
 * KIE's records stay 14 days (docs.kie.ai/veo3-api); a job may wait for a part of the last one. What was enlarged to 1080p
 * cannot be extended, and whether a video was is not told: only those that were asked for in 720p.
 */
const kieExtends: NonNullable<ModelRecord['routes'][number]['extendsOnly']> = {
  models: ['veo-3.1', 'veo-3.1-fast', 'veo-3.1-lite'],
  resolutions: ['720p'],
  days: 13,
}
const extendedClip = {
  most: 1,
  // Eight, and the last frame that a clip of eight has more.
  mostSeconds: 8.1,
  leastPixels: 720,
  mostPixels: 1920,
}

const common = {
  version: '3.1',
  kind: 'trained',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame', 'first_last_frame', 'references', 'extend'],
  seconds: { least: 4, most: 8, standard: 8, choices: [4, 6, 7, 8] },
  inputs: {
    first_frame: frame,
    last_frame: frame,
    image: { most: 3, mostBytes: PICTURE_BYTES },
    extend: extendedClip,
  },
  aspectRatios: ['16:9', '9:16', 'auto'],
  resolutions: ['720p', '1080p', '4k'],
  standardResolution: '720p',
  audio: 'optional',
  // KIE takes none.
  seed: false,
  prompt: { least: 1, most: 3000 },
  price: quarterOnTop,
  deadlineSeconds: 1800,
} satisfies Partial<ModelRecord>

/** KIE's Veo always has sound, and Vertex' only shapes are the two. */
const withSound = 'audio'
const shaped = "aspect_ratio != 'auto'"

export const veo31: ModelRecord = {
  ...common,
  id: 'veo-3.1',
  name: 'Veo 3.1',
  says: 'Google’s film model: eight seconds with speech, sound and music, up to 4K.',
  rules: [...rules, ...extension],
  routes: [
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'veo', model: 'veo3', input: 'veo', extend: 'quality' },
      modes: ['text', 'first_frame', 'first_last_frame', 'extend'],
      takes: withSound,
      extendsOnly: kieExtends,
      // By the clip, whatever its length, and as much for an extension (kie.ai/pricing, 2026-06-30).
      cost: costs("pick(resolution, '720p', 1.25, '1080p', 1.275, '4k', 1.85)"),
    },
    {
      id: 'vertex',
      provider: 'vertex',
      endpoint: { model: 'veo-3.1-generate-001' },
      modes: ['text', 'first_frame', 'first_last_frame', 'references'],
      takes: shaped,
      // openrouter.ai/api/v1/videos/models, which passes Google's prices on, 2026-08; in 4K without sound fal's, which is dearer.
      cost: costs("seconds * (resolution == '4k' ? (audio ? 0.6 : 0.4) : (audio ? 0.4 : 0.2))"),
    },
    {
      id: 'fal',
      provider: 'fal',
      endpoint: {
        dialect: 'veo',
        ids: {
          text: 'fal-ai/veo3.1',
          first_frame: 'fal-ai/veo3.1/image-to-video',
          first_last_frame: 'fal-ai/veo3.1/first-last-frame-to-video',
          references: 'fal-ai/veo3.1/reference-to-video',
          extend: 'fal-ai/veo3.1/extend-video',
        },
      },
      // fal.ai/models/fal-ai/veo3.1, 2026-11.
      cost: costs("seconds * (resolution == '4k' ? (audio ? 0.6 : 0.4) : (audio ? 0.4 : 0.2))"),
    },
    openRouter('google/veo-3.1', {
      cost: costs("seconds * (resolution == '4k' ? (audio ? 0.6 : 0.4) : (audio ? 0.4 : 0.2))"),
    }),
  ],
}

export const veo31Fast: ModelRecord = {
  ...common,
  id: 'veo-3.1-fast',
  name: 'Veo 3.1 Fast',
  says: 'Google’s film model in its quick form: nearly as good as Veo 3.1, for a good deal less.',
  rules: [...rules, ...extension],
  routes: [
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'veo', model: 'veo3_fast', input: 'veo', extend: 'fast' },
      takes: withSound,
      extendsOnly: kieExtends,
      // 0.30 by the list of 2026-06-30, 0.84 as charged on 2026-06-01: the dearer. Larger ones cost 0.025 and 0.60 more.
      // An extension is taken to cost as much as a clip, as it does with Veo 3.1 itself.
      cost: costs("pick(resolution, '720p', 0.84, '1080p', 0.865, '4k', 1.44)"),
    },
    {
      id: 'vertex',
      provider: 'vertex',
      endpoint: { model: 'veo-3.1-fast-generate-001' },
      modes: ['text', 'first_frame', 'first_last_frame', 'references'],
      takes: shaped,
      // openrouter.ai/api/v1/videos/models, 2026-08; 4K as before Google lowered it in April 2026, the dearer.
      cost: costs(
        "seconds * pick(resolution, '720p', audio ? 0.1 : 0.08, '1080p', audio ? 0.12 : 0.1, '4k', audio ? 0.35 : 0.3)",
      ),
    },
    {
      id: 'fal',
      provider: 'fal',
      endpoint: {
        dialect: 'veo',
        ids: {
          text: 'fal-ai/veo3.1/fast',
          first_frame: 'fal-ai/veo3.1/fast/image-to-video',
          first_last_frame: 'fal-ai/veo3.1/fast/first-last-frame-to-video',
          extend: 'fal-ai/veo3.1/fast/extend-video',
        },
      },
      modes: ['text', 'first_frame', 'first_last_frame', 'extend'],
      // fal.ai/models/fal-ai/veo3.1/fast/extend-video, 2026-11; 4K as Google's own before April 2026.
      cost: costs("seconds * (resolution == '4k' ? (audio ? 0.35 : 0.3) : (audio ? 0.15 : 0.1))"),
    },
    openRouter('google/veo-3.1-fast', {
      cost: costs(
        "seconds * pick(resolution, '720p', audio ? 0.1 : 0.08, '1080p', audio ? 0.12 : 0.1, '4k', audio ? 0.3 : 0.25)",
      ),
    }),
  ],
}

export const veo31Lite: ModelRecord = {
  ...common,
  id: 'veo-3.1-lite',
  name: 'Veo 3.1 Lite',
  says: 'Google’s film model at its cheapest, with sound: for drafts and many attempts.',
  rules: [
    ...rules,
    ...extension,
    {
      // KIE's alone.
      when: "resolution == '4k' or mode == 'references' or mode == 'extend'",
      must: 'audio',
      field: 'audio',
      says: 'In 4K, with references and for continuing a clip this model always makes sound. Leave the sound on.',
    },
  ],
  routes: [
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'veo', model: 'veo3_lite', input: 'veo', extend: 'lite' },
      takes: withSound,
      extendsOnly: kieExtends,
      // kie.ai/pricing, 2026-06-30; an extension as a clip.
      cost: costs("pick(resolution, '720p', 0.15, '1080p', 0.175, '4k', 0.75)"),
    },
    {
      id: 'vertex',
      provider: 'vertex',
      endpoint: { model: 'veo-3.1-lite-generate-001' },
      modes: ['text', 'first_frame', 'first_last_frame'],
      resolutions: ['720p', '1080p'],
      takes: shaped,
      // openrouter.ai/api/v1/videos/models, 2026-08.
      cost: costs("seconds * (resolution == '1080p' ? (audio ? 0.08 : 0.05) : (audio ? 0.05 : 0.03))"),
    },
    {
      id: 'fal',
      provider: 'fal',
      endpoint: {
        dialect: 'veo',
        ids: {
          text: 'fal-ai/veo3.1/lite',
          first_frame: 'fal-ai/veo3.1/lite/image-to-video',
          first_last_frame: 'fal-ai/veo3.1/lite/first-last-frame-to-video',
        },
      },
      modes: ['text', 'first_frame', 'first_last_frame'],
      resolutions: ['720p', '1080p'],
      // As Google's own, which fal's 0.05 agrees with (fal.ai/models/fal-ai/veo3.1/lite, 2026-03).
      cost: costs("seconds * (resolution == '1080p' ? (audio ? 0.08 : 0.05) : (audio ? 0.05 : 0.03))"),
    },
    openRouter('google/veo-3.1-lite', {
      resolutions: ['720p', '1080p'],
      cost: costs("seconds * pick(resolution, '720p', audio ? 0.05 : 0.03, '1080p', audio ? 0.08 : 0.05)"),
    }),
  ],
}
