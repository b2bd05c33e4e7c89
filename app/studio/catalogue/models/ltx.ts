/** Lightricks' LTX-2.3 (fal.ai/models/fal-ai/ltx-2.3). Its continuing of clips is not offered: what that costs is not published. */
import type { ModelRecord } from '../record.ts'
import { autoNeedsPicture, costs, PICTURE_BYTES, quarterOnTop } from './terms.ts'

const frame = { most: 1, mostBytes: PICTURE_BYTES }

export const ltx23: ModelRecord = {
  id: 'ltx-2.3',
  name: 'LTX-2.3',
  version: '2.3',
  says: 'Lightricks’ film model: six to ten seconds in Full HD or 4K with sound, quick and cheap.',
  kind: 'trained',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame', 'first_last_frame'],
  seconds: { least: 6, most: 10, standard: 6, choices: [6, 8, 10] },
  aspectRatios: ['16:9', '9:16', 'auto'],
  resolutions: ['1080p', '4k'],
  standardResolution: '1080p',
  audio: 'optional',
  seed: false,
  prompt: { least: 1, most: 5000 },
  inputs: { first_frame: frame, last_frame: frame },
  rules: [autoNeedsPicture],
  price: quarterOnTop,
  routes: [
    {
      id: 'fal',
      provider: 'fal',
      endpoint: {
        dialect: 'ltx-2',
        ids: {
          text: 'fal-ai/ltx-2.3/text-to-video',
          first_frame: 'fal-ai/ltx-2.3/image-to-video',
          first_last_frame: 'fal-ai/ltx-2.3/image-to-video',
        },
      },
      // fal.ai/models/fal-ai/ltx-2.3/text-to-video, 2026-11; from a picture it is said to be a quarter cheaper.
      cost: costs("seconds * pick(resolution, '1080p', 0.08, '4k', 0.32)"),
    },
  ],
  deadlineSeconds: 1800,
}
