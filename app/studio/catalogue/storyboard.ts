import type { ModelRecord } from './record.ts'

/** The built-in renderer: works without network, key or model, so that the first video needs nothing of anybody. */
export const storyboard = {
  id: 'storyboard',
  name: 'Storyboard',
  version: '1',
  says: 'A moving storyboard, no AI: your sentences as designed shots with light, weather, type and sound.',
  kind: 'algorithmic',
  provider: 'builtin',
  seconds: { least: 2, most: 10, standard: 5 },
  aspectRatios: ['16:9', '9:16', '1:1'],
  resolutions: ['480p', '720p', '1080p'],
  audio: true,
  prompt: { least: 1, most: 2000 },
  referencePictures: { most: 1 },
  price: { perSecond: { '480p': 0.4, '720p': 1, '1080p': 2 } },
  deadlineSeconds: 1800,
} as const satisfies ModelRecord
