/** Kuaishou's Kling 3.0 (docs.kie.ai/market/kling/kling-3.0, fal.ai/models/fal-ai/kling-video/v3). */
import type { ModelRecord } from '../record.ts'
import { openRouter } from './openrouter.ts'
import { autoNeedsPicture, costs, PICTURE_BYTES, quarterOnTop, soundNotAlone } from './terms.ts'

const frame = { most: 1, mostBytes: PICTURE_BYTES }

export const kling3: ModelRecord = {
  id: 'kling-3.0',
  name: 'Kling 3.0',
  version: '3.0',
  says: 'Kuaishou’s film model: three to fifteen seconds, several shots in one video, with sound if you like.',
  kind: 'trained',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame', 'first_last_frame', 'references'],
  seconds: { least: 3, most: 15, standard: 5 },
  aspectRatios: ['16:9', '9:16', '1:1', 'auto'],
  resolutions: ['720p', '1080p', '4k'],
  standardResolution: '720p',
  audio: 'optional',
  seed: false,
  prompt: { least: 1, most: 2500 },
  shots: { most: 5, promptMost: 500, leastSeconds: 1, mostSeconds: 12 },
  inputs: {
    first_frame: frame,
    last_frame: frame,
    // All of one subject: `@Image1` is what they show together. A clip is another subject, a sound its voice.
    image: { most: 4, mostBytes: PICTURE_BYTES },
    video: { most: 1, leastSeconds: 3, mostBytes: 50_000_000 },
    audio: { most: 1, leastSeconds: 5, mostSeconds: 30 },
  },
  rules: [
    autoNeedsPicture,
    soundNotAlone,
    {
      when: "mode == 'references'",
      must: 'images != 1',
      field: 'inputs',
      says: 'This model learns one subject from two to four pictures. Add another picture of the same.',
    },
    {
      when: 'shots > 0',
      must: "mode != 'first_last_frame'",
      field: 'shots',
      says: 'Several shots can begin with a picture and not end with one. Leave out the last picture or the shots.',
    },
  ],
  price: quarterOnTop,
  routes: [
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'jobs', model: 'kling-3.0/video', input: 'kling-3' },
      // kie.ai/pricing, 2026-06-30.
      cost: costs(
        "seconds * pick(resolution, '720p', audio ? 0.1 : 0.07, '1080p', audio ? 0.135 : 0.09, '4k', 0.335)",
      ),
    },
    {
      id: 'fal-standard',
      provider: 'fal',
      endpoint: {
        dialect: 'kling-3',
        ids: {
          text: 'fal-ai/kling-video/v3/standard/text-to-video',
          first_frame: 'fal-ai/kling-video/v3/standard/image-to-video',
          first_last_frame: 'fal-ai/kling-video/v3/standard/image-to-video',
        },
      },
      modes: ['text', 'first_frame', 'first_last_frame'],
      resolutions: ['720p'],
      // fal.ai/models/fal-ai/kling-video/v3/standard/text-to-video, 2026-11.
      cost: costs('seconds * (audio ? 0.126 : 0.084)'),
    },
    {
      id: 'fal-pro',
      provider: 'fal',
      endpoint: {
        dialect: 'kling-3',
        ids: {
          text: 'fal-ai/kling-video/v3/pro/text-to-video',
          first_frame: 'fal-ai/kling-video/v3/pro/image-to-video',
          first_last_frame: 'fal-ai/kling-video/v3/pro/image-to-video',
        },
      },
      modes: ['text', 'first_frame', 'first_last_frame'],
      resolutions: ['1080p'],
      // fal.ai/models/fal-ai/kling-video/v3/pro/image-to-video, 2026-11.
      cost: costs('seconds * (audio ? 0.168 : 0.112)'),
    },
    openRouter(
      'kwaivgi/kling-v3.0-std',
      { resolutions: ['720p'], takes: 'shots == 0', cost: costs('seconds * (audio ? 0.126 : 0.084)') },
      { seed: false },
    ),
  ],
  deadlineSeconds: 1800,
}
