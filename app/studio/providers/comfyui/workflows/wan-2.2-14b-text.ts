/** Wan 2.2 14B, text to video, after ComfyUI's template `video_wan2_2_14B_t2v`. */
import type { ComfyEndpoint } from '../workflow.ts'
import { wanNodes } from './wan-2.2-14b-parts.ts'

export const wan22Text: ComfyEndpoint = {
  graph: {
    ...wanNodes(
      {
        high: 'wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors',
        low: 'wan2.2_t2v_low_noise_14B_fp8_scaled.safetensors',
      },
      ['6', 0],
      ['7', 0],
      ['59', 0],
    ),
    '59': {
      class_type: 'EmptyHunyuanLatentVideo',
      inputs: { width: 1280, height: 720, length: 81, batch_size: 1 },
    },
  },
  bindings: {
    prompt: '6.text',
    negative: '7.text',
    width: '59.width',
    height: '59.height',
    length: '59.length',
    fps: '60.fps',
    seed: ['57.noise_seed'],
    name: '61.filename_prefix',
  },
  frames: { fps: 16, base: 4, add: 1, sides: 16 },
  outputs: ['61'],
}
