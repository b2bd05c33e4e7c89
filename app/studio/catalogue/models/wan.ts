/** Alibaba's Wan: 2.7 at fal (fal.ai/models/fal-ai/wan/v2.7), and the open 2.2 14B on a ComfyUI of one's own. */
import { wan22Image } from '#app/studio/providers/comfyui/workflows/wan-2.2-14b-image.ts'
import { wan22Text } from '#app/studio/providers/comfyui/workflows/wan-2.2-14b-text.ts'
import type { ModelRecord } from '../record.ts'
import { costs, PICTURE_BYTES, quarterOnTop } from './terms.ts'

const frame = { most: 1, mostBytes: PICTURE_BYTES }

export const wan27: ModelRecord = {
  id: 'wan-2.7',
  name: 'Wan 2.7',
  version: '2.7',
  says: 'Alibaba’s film model: two to fifteen seconds in many shapes, from words, pictures or clips, with music.',
  kind: 'trained',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame', 'first_last_frame', 'references', 'extend'],
  seconds: { least: 2, most: 15, standard: 5 },
  aspectRatios: ['16:9', '9:16', '1:1', '4:3', '3:4'],
  resolutions: ['720p', '1080p'],
  standardResolution: '720p',
  // It writes music of its own where it is given no sound; there is no way to ask for silence.
  audio: 'always',
  seed: true,
  prompt: { least: 1, most: 5000 },
  negativePrompt: { most: 500 },
  inputs: {
    first_frame: frame,
    last_frame: frame,
    image: { most: 5, mostBytes: PICTURE_BYTES },
    video: { most: 5, mostBytes: 100_000_000 },
    extend: { most: 1, leastSeconds: 2, mostSeconds: 10, mostBytes: 100_000_000 },
  },
  mostInputs: 5,
  rules: [
    {
      when: "mode == 'references'",
      must: 'seconds <= 10',
      field: 'seconds',
      says: 'With references this model makes ten seconds at most. Choose 10 or fewer.',
    },
  ],
  price: quarterOnTop,
  routes: [
    {
      id: 'fal',
      provider: 'fal',
      endpoint: {
        dialect: 'wan-2.7',
        ids: {
          text: 'fal-ai/wan/v2.7/text-to-video',
          first_frame: 'fal-ai/wan/v2.7/image-to-video',
          first_last_frame: 'fal-ai/wan/v2.7/image-to-video',
          references: 'fal-ai/wan/v2.7/reference-to-video',
          extend: 'fal-ai/wan/v2.7/image-to-video',
        },
      },
      // fal.ai/models/fal-ai/wan/v2.7/image-to-video and reference-to-video, 2026-11: given clips are charged as well.
      cost: costs("(seconds + video_seconds) * pick(resolution, '720p', 0.1, '1080p', 0.15)"),
    },
  ],
  deadlineSeconds: 1800,
}

export const wan22: ModelRecord = {
  id: 'wan-2.2-14b',
  name: 'Wan 2.2 14B',
  version: '2.2',
  says: 'Alibaba’s open model on this studio’s own graphics card: up to five seconds without sound, nothing leaves the house.',
  kind: 'trained',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame'],
  seconds: { least: 2, most: 5, standard: 5 },
  aspectRatios: ['16:9', '9:16', '1:1', '4:3', '3:4'],
  resolutions: ['480p', '720p'],
  standardResolution: '480p',
  audio: 'never',
  seed: true,
  prompt: { least: 1, most: 2000 },
  negativePrompt: { most: 1000 },
  inputs: { first_frame: frame },
  price: quarterOnTop,
  routes: [
    {
      id: 'comfyui-text',
      provider: 'comfyui',
      endpoint: wan22Text,
      modes: ['text'],
      // A rented card of 24 GB at 0.70 an hour takes nearly two minutes for a second of film, in 720p about five (from the
      // timings in ComfyUI's own template). Whoever owns the card sets what it costs him.
      cost: costs("seconds * pick(resolution, '480p', 0.02, '720p', 0.06)"),
    },
    {
      id: 'comfyui-image',
      provider: 'comfyui',
      endpoint: wan22Image,
      modes: ['first_frame'],
      cost: costs("seconds * pick(resolution, '480p', 0.02, '720p', 0.06)"),
    },
  ],
  // One job at a time, each for up to half an hour.
  deadlineSeconds: 14_400,
}
