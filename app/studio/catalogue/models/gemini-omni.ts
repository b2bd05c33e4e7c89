/**
 * Google's Gemini Omni Flash, which follows Veo on the Gemini API (ai.google.dev/gemini-api/docs/omni). KIE's
 * `gemini-omni-video` takes less (docs.kie.ai/market/google/gemini-omni-video).
 */
import type { ModelRecord } from '../record.ts'
import { costs, quarterOnTop } from './terms.ts'

/** Pictures go inside the request, which may have 20 MB as base64: 14 MB of files. */
const BODY_BYTES = 14_000_000

export const geminiOmniFlash: ModelRecord = {
  id: 'gemini-omni-flash',
  name: 'Gemini Omni Flash',
  version: '1',
  says: 'Google’s model for film from anything: words, pictures and clips, three to ten seconds with sound.',
  kind: 'trained',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame', 'first_last_frame', 'references', 'extend'],
  seconds: { least: 3, most: 10, standard: 8 },
  aspectRatios: ['16:9', '9:16'],
  resolutions: ['360p', '720p', '1080p', '4k'],
  standardResolution: '720p',
  audio: 'always',
  // KIE takes one, Google none.
  seed: false,
  prompt: { least: 1, most: 10_000 },
  inputs: {
    first_frame: { most: 1, mostBytes: BODY_BYTES / 2 },
    last_frame: { most: 1, mostBytes: BODY_BYTES / 2 },
    image: { most: 4, mostBytes: BODY_BYTES / 4 },
    video: { most: 1, mostSeconds: 10, mostBytes: 100_000_000 },
    extend: { most: 1, mostSeconds: 30, mostBytes: 100_000_000 },
  },
  price: quarterOnTop,
  routes: [
    {
      id: 'google',
      provider: 'google',
      endpoint: { api: 'interactions', model: 'gemini-omni-1.2-flash' },
      // 720p was seen at 0.10 to 0.13; the larger figures are of muapi.ai, which resells it, 2026-11. A clip's seconds are 5,792
      // tokens each, at 1.875 a million (fal.ai/models/google/gemini-omni-flash).
      cost: costs(
        "seconds * pick(resolution, '360p', 0.04, '720p', 0.13, '1080p', 0.195, '4k', 0.39) + video_seconds * 0.011",
      ),
    },
    {
      id: 'kie',
      provider: 'kie',
      endpoint: { family: 'jobs', model: 'gemini-omni-video', input: 'gemini-omni' },
      modes: ['text', 'first_frame', 'references'],
      resolutions: ['720p', '1080p', '4k'],
      // With a clip it makes what length it likes.
      takes: 'videos == 0 and (seconds == 4 or seconds == 6 or seconds == 8 or seconds == 10)',
      // 63, 84, 105 and 126 credits of half a cent for the four lengths, 84 more in 4K (kie.ai/pricing, 2026-10-05).
      cost: costs("0.105 + seconds * 0.0525 + (resolution == '4k' ? 0.42 : 0)"),
    },
  ],
  deadlineSeconds: 1800,
}
