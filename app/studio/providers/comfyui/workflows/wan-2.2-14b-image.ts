/** Wan 2.2 14B, a picture begins to move, after ComfyUI's template `video_wan2_2_14B_i2v`. */
import type { ComfyEndpoint } from '../workflow.ts'
import { wanNodes } from './wan-2.2-14b-parts.ts'

export const wan22Image: ComfyEndpoint = {
  graph: {
    ...wanNodes(
      {
        high: 'wan2.2_i2v_high_noise_14B_fp8_scaled.safetensors',
        low: 'wan2.2_i2v_low_noise_14B_fp8_scaled.safetensors',
      },
      ['98', 0],
      ['98', 1],
      ['98', 2],
    ),
    '97': { class_type: 'LoadImage', inputs: { image: 'first.png' }, _meta: { title: 'First frame' } },
    '98': {
      class_type: 'WanImageToVideo',
      inputs: {
        positive: ['6', 0],
        negative: ['7', 0],
        vae: ['39', 0],
        width: 1280,
        height: 720,
        length: 81,
        batch_size: 1,
        start_image: ['97', 0],
      },
    },
  },
  bindings: {
    prompt: '6.text',
    negative: '7.text',
    width: '98.width',
    height: '98.height',
    length: '98.length',
    fps: '60.fps',
    seed: ['57.noise_seed'],
    name: '61.filename_prefix',
    first_frame: '97.image',
  },
  frames: { fps: 16, base: 4, add: 1, sides: 16 },
  outputs: ['61'],
}
