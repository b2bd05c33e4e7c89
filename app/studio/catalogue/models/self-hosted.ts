/**
 * An example for a server of one's own that speaks OpenAI's Videos API, made for vLLM-Omni with Wan 2.2 5B
 * (`vllm serve Wan-AI/Wan2.2-TI2V-5B-Diffusers --omni`, docs.vllm.ai "Videos API"). For another model copy it and change it.
 */
import type { ModelRecord } from '../record.ts'
import { costs, PICTURE_BYTES, quarterOnTop } from './terms.ts'

export const selfHosted: ModelRecord = {
  id: 'self-hosted',
  name: 'Self-hosted video model',
  version: '',
  says: 'The model on this studio’s own server: up to five seconds without sound.',
  kind: 'trained',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame'],
  seconds: { least: 2, most: 5, standard: 5 },
  aspectRatios: ['16:9', '9:16', '1:1'],
  resolutions: ['480p', '720p'],
  standardResolution: '720p',
  audio: 'never',
  // vLLM-Omni and SGLang take one, the plain API does not.
  seed: false,
  prompt: { least: 1, most: 2000 },
  inputs: { first_frame: { most: 1, mostBytes: PICTURE_BYTES } },
  price: quarterOnTop,
  routes: [
    {
      id: 'openai-videos',
      provider: 'openai-videos',
      endpoint: {
        fps: 24,
        frames: { step: 4, add: 1 },
        // Sides are multiples of 32.
        sizes: {
          '480p': { '16:9': '832x480', '9:16': '480x832', '1:1': '640x640' },
          '720p': { '16:9': '1280x704', '9:16': '704x1280', '1:1': '960x960' },
        },
      },
      // About what a rented card of 24 GB takes; whoever owns it sets what it costs him.
      cost: costs("seconds * pick(resolution, '480p', 0.01, '720p', 0.02)"),
    },
  ],
  deadlineSeconds: 7200,
}
