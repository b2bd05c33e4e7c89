/**
 * OpenAI's Sora 2, which ended with its API on 2026-09-24 (platform.openai.com/docs/deprecations). Kept so that what was made
 * with it keeps its name, and whoever asks for it is told what to use instead.
 */
import type { ModelRecord } from '../record.ts'
import { costs, PICTURE_BYTES, quarterOnTop } from './terms.ts'

const common = {
  version: '2',
  kind: 'trained',
  modes: ['text', 'first_frame'],
  seconds: { least: 4, most: 20, standard: 8, choices: [4, 8, 12, 16, 20] },
  aspectRatios: ['16:9', '9:16'],
  audio: 'always',
  seed: false,
  prompt: { least: 1, most: 5000 },
  inputs: { first_frame: { most: 1, mostBytes: PICTURE_BYTES } },
  price: quarterOnTop,
  deadlineSeconds: 1800,
} satisfies Partial<ModelRecord>

export const sora2: ModelRecord = {
  ...common,
  id: 'sora-2',
  name: 'Sora 2',
  says: 'OpenAI’s film model, which ended in September 2026.',
  lifecycle: { state: 'retired', sunsetOn: '2026-09-24', replacement: 'veo-3.1-fast' },
  resolutions: ['720p'],
  routes: [
    {
      id: 'fal',
      provider: 'fal',
      endpoint: {
        dialect: 'sora-2',
        ids: { text: 'fal-ai/sora-2/text-to-video', first_frame: 'fal-ai/sora-2/image-to-video' },
      },
      // fal.ai/models/fal-ai/sora-2, until its end.
      cost: costs('seconds * 0.1'),
    },
    {
      id: 'openai-videos',
      provider: 'openai-videos',
      endpoint: { model: 'sora-2' },
      // openai.com/api/pricing, until its end.
      cost: costs('seconds * 0.1'),
    },
  ],
}

export const sora2Pro: ModelRecord = {
  ...common,
  id: 'sora-2-pro',
  name: 'Sora 2 Pro',
  says: 'OpenAI’s film model in its larger form, which ended in September 2026.',
  lifecycle: { state: 'retired', sunsetOn: '2026-09-24', replacement: 'veo-3.1' },
  resolutions: ['720p', '1080p'],
  routes: [
    {
      id: 'fal',
      provider: 'fal',
      endpoint: {
        dialect: 'sora-2',
        ids: { text: 'fal-ai/sora-2/text-to-video/pro', first_frame: 'fal-ai/sora-2/image-to-video/pro' },
      },
      // fal.ai/models/fal-ai/sora-2, until its end.
      cost: costs("seconds * pick(resolution, '720p', 0.3, '1080p', 0.5)"),
    },
    {
      id: 'openai-videos',
      provider: 'openai-videos',
      endpoint: { model: 'sora-2-pro' },
      // openai.com/api/pricing, until its end.
      cost: costs("seconds * pick(resolution, '720p', 0.3, '1080p', 0.5)"),
    },
  ],
}
