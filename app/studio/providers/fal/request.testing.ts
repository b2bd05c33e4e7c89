/** A job for each family of fal's models in each of its modes, and the input that its endpoint's page asks for. */
import type { InputRole } from '#core/db/schema/studio.ts'
import type { ProviderJob } from '../provider.ts'

export interface Case extends Partial<Omit<ProviderJob, 'inputs' | 'settings'>> {
  roles?: InputRole[]
  settings?: Partial<ProviderJob['settings']>
}

const basics = { aspect_ratio: '16:9', resolution: '720p', generate_audio: true }
const seedance2 = { ...basics, prompt: 'A lamp.', duration: '5', seed: 7 }
/** The family, the endpoint, the job, and the input it must become. */
export const cases: [string, string, Case, Record<string, unknown>][] = [
  [
    'veo',
    'fal-ai/veo3.1',
    { mode: 'text', negativePrompt: 'rain', settings: { seconds: 8 } },
    { ...basics, prompt: 'A lamp.', duration: '8s', seed: 7, negative_prompt: 'rain' },
  ],
  [
    'veo',
    'fal-ai/veo3.1/image-to-video',
    { mode: 'first_frame', roles: ['first_frame'], settings: { seconds: 4, aspect_ratio: 'auto' } },
    {
      ...basics,
      aspect_ratio: 'auto',
      prompt: 'A lamp.',
      duration: '4s',
      seed: 7,
      image_url: 'https://files/first_frame-0',
    },
  ],
  [
    'veo',
    'fal-ai/veo3.1/first-last-frame-to-video',
    { mode: 'first_last_frame', roles: ['last_frame', 'first_frame'], settings: { seconds: 6 } },
    {
      ...basics,
      prompt: 'A lamp.',
      duration: '6s',
      seed: 7,
      first_frame_url: 'https://files/first_frame-1',
      last_frame_url: 'https://files/last_frame-0',
    },
  ],
  [
    'veo',
    'fal-ai/veo3.1/reference-to-video',
    { mode: 'references', roles: ['image', 'image'], negativePrompt: 'rain', settings: { seconds: 8 } },
    {
      ...basics,
      prompt: 'A lamp.',
      duration: '8s',
      image_urls: ['https://files/image-0', 'https://files/image-1'],
    },
  ],
  [
    'veo',
    'fal-ai/veo3.1/extend-video',
    { mode: 'extend', roles: ['extend'], settings: { seconds: 7 } },
    { ...basics, prompt: 'A lamp.', duration: '7s', seed: 7, video_url: 'https://files/extend-0' },
  ],
  [
    'kling-3',
    'fal-ai/kling-video/v3/pro/text-to-video',
    { mode: 'text', negativePrompt: 'rain' },
    {
      prompt: 'A lamp.',
      duration: '5',
      aspect_ratio: '16:9',
      generate_audio: true,
      negative_prompt: 'rain',
    },
  ],
  [
    'kling-3',
    'fal-ai/kling-video/v3/pro/text-to-video',
    {
      mode: 'text',
      shots: [
        { prompt: 'One.', seconds: 2 },
        { prompt: 'Two.', seconds: 3 },
      ],
    },
    {
      multi_prompt: [
        { prompt: 'One.', duration: '2' },
        { prompt: 'Two.', duration: '3' },
      ],
      shot_type: 'customize',
      duration: '5',
      aspect_ratio: '16:9',
      generate_audio: true,
    },
  ],
  [
    'kling-3',
    'fal-ai/kling-video/v3/pro/image-to-video',
    { mode: 'first_frame', roles: ['first_frame'] },
    {
      prompt: 'A lamp.',
      duration: '5',
      generate_audio: true,
      start_image_url: 'https://files/first_frame-0',
    },
  ],
  [
    'kling-3',
    'fal-ai/kling-video/v3/pro/image-to-video',
    { mode: 'first_last_frame', roles: ['first_frame', 'last_frame'] },
    {
      prompt: 'A lamp.',
      duration: '5',
      generate_audio: true,
      start_image_url: 'https://files/first_frame-0',
      end_image_url: 'https://files/last_frame-1',
    },
  ],
  [
    'kling-o3',
    'fal-ai/kling-video/o3/pro/text-to-video',
    { mode: 'text', negativePrompt: 'rain' },
    { prompt: 'A lamp.', duration: '5', aspect_ratio: '16:9', generate_audio: true },
  ],
  [
    'kling-o3',
    'fal-ai/kling-video/o3/pro/image-to-video',
    { mode: 'first_last_frame', roles: ['first_frame', 'last_frame'] },
    {
      prompt: 'A lamp.',
      duration: '5',
      generate_audio: true,
      image_url: 'https://files/first_frame-0',
      end_image_url: 'https://files/last_frame-1',
    },
  ],
  [
    'kling-o3',
    'fal-ai/kling-video/o3/pro/reference-to-video',
    { mode: 'references', roles: ['image', 'video'] },
    {
      prompt: 'A lamp.',
      duration: '5',
      aspect_ratio: '16:9',
      generate_audio: true,
      image_urls: ['https://files/image-0'],
      elements: [{ video_url: 'https://files/video-1' }],
    },
  ],
  ['seedance-1.5', 'fal-ai/bytedance/seedance/v1.5/pro/text-to-video', { mode: 'text' }, seedance2],
  [
    'seedance-1.5',
    'fal-ai/bytedance/seedance/v1.5/pro/image-to-video',
    { mode: 'first_last_frame', roles: ['first_frame', 'last_frame'] },
    { ...seedance2, image_url: 'https://files/first_frame-0', end_image_url: 'https://files/last_frame-1' },
  ],
  ['seedance-2', 'bytedance/seedance-2.0/text-to-video', { mode: 'text', negativePrompt: 'rain' }, seedance2],
  [
    'seedance-2',
    'bytedance/seedance-2.0/image-to-video',
    { mode: 'first_frame', roles: ['first_frame'] },
    { ...seedance2, image_url: 'https://files/first_frame-0' },
  ],
  [
    'seedance-2',
    'bytedance/seedance-2.0/reference-to-video',
    { mode: 'references', roles: ['audio', 'image', 'video', 'image'] },
    {
      ...seedance2,
      image_urls: ['https://files/image-1', 'https://files/image-3'],
      video_urls: ['https://files/video-2'],
      audio_urls: ['https://files/audio-0'],
    },
  ],
  [
    'wan-2.7',
    'fal-ai/wan/v2.7/text-to-video',
    { mode: 'text', negativePrompt: 'rain', settings: { seed: 4_000_000_000 } },
    {
      prompt: 'A lamp.',
      duration: 5,
      aspect_ratio: '16:9',
      resolution: '720p',
      seed: 1_852_516_352,
      negative_prompt: 'rain',
    },
  ],
  [
    'wan-2.7',
    'fal-ai/wan/v2.7/image-to-video',
    { mode: 'first_frame', roles: ['first_frame', 'audio'] },
    {
      prompt: 'A lamp.',
      duration: 5,
      resolution: '720p',
      seed: 7,
      image_url: 'https://files/first_frame-0',
      audio_url: 'https://files/audio-1',
    },
  ],
  [
    'wan-2.7',
    'fal-ai/wan/v2.7/image-to-video',
    { mode: 'extend', roles: ['extend'] },
    { prompt: 'A lamp.', duration: 5, resolution: '720p', seed: 7, video_url: 'https://files/extend-0' },
  ],
  [
    'wan-2.7',
    'fal-ai/wan/v2.7/reference-to-video',
    { mode: 'references', roles: ['image', 'video'] },
    {
      prompt: 'A lamp.',
      duration: 5,
      aspect_ratio: '16:9',
      resolution: '720p',
      seed: 7,
      reference_image_urls: ['https://files/image-0'],
      reference_video_urls: ['https://files/video-1'],
    },
  ],
  [
    'ltx-2',
    'fal-ai/ltx-2.3/text-to-video',
    { mode: 'text', settings: { seconds: 8, resolution: '4k', audio: false } },
    { prompt: 'A lamp.', duration: 8, aspect_ratio: '16:9', resolution: '2160p', generate_audio: false },
  ],
  [
    'ltx-2',
    'fal-ai/ltx-2.3/image-to-video',
    {
      mode: 'first_frame',
      roles: ['first_frame'],
      settings: { seconds: 6, resolution: '1080p', aspect_ratio: 'auto' },
    },
    {
      prompt: 'A lamp.',
      duration: 6,
      aspect_ratio: 'auto',
      resolution: '1080p',
      generate_audio: true,
      image_url: 'https://files/first_frame-0',
    },
  ],
  [
    'ltx-2',
    'fal-ai/ltx-2.3/extend-video',
    { mode: 'extend', roles: ['extend'] },
    { prompt: 'A lamp.', duration: 5, video_url: 'https://files/extend-0' },
  ],
  [
    'sora-2',
    'fal-ai/sora-2/text-to-video',
    { mode: 'text', settings: { seconds: 4 } },
    { prompt: 'A lamp.', duration: 4, aspect_ratio: '16:9', resolution: '720p' },
  ],
  [
    'sora-2',
    'fal-ai/sora-2/image-to-video',
    { mode: 'first_frame', roles: ['first_frame'], settings: { seconds: 4 } },
    {
      prompt: 'A lamp.',
      duration: 4,
      aspect_ratio: '16:9',
      resolution: '720p',
      image_url: 'https://files/first_frame-0',
    },
  ],
]
