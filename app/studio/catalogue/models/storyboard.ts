import type { ModelRecord } from '../record.ts'

/** The built-in renderer: works without network, key or model, so that the first video needs nothing of anybody. */
export const storyboard: ModelRecord = {
  id: 'storyboard',
  name: 'Storyboard',
  version: '1',
  says: 'A moving storyboard, no AI: your sentences as designed shots with light, weather, type and sound.',
  kind: 'algorithmic',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame'],
  seconds: { least: 2, most: 10, standard: 5 },
  aspectRatios: ['16:9', '9:16', '1:1'],
  resolutions: ['480p', '720p', '1080p'],
  standardResolution: '720p',
  audio: 'optional',
  seed: true,
  prompt: { least: 1, most: 2000 },
  // A narrower strip would show a sliver of itself, enlarged many times.
  inputs: { first_frame: { most: 1, leastRatio: 0.2, mostRatio: 5 } },
  price: { version: 1, credits: "ceil(seconds * pick(resolution, '480p', 0.4, '720p', 1, '1080p', 2))" },
  routes: [{ id: 'builtin', provider: 'builtin', endpoint: {}, cost: { version: 1, usd: '0' } }],
  deadlineSeconds: 1800,
}
