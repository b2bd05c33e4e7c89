/** What the two workflows of Wan 2.2 14B share: text encoder, decoder, the two samplers, the saver (Comfy-Org's own template). */
import type { Node } from '../workflow.ts'

/** What the model's authors ask to leave out (Wan-Video/Wan2.2, `shared_config.py`). */
const UNWANTED =
  '色调艳丽，过曝，静态，细节模糊不清，字幕，风格，作品，画作，画面，静止，整体发灰，最差质量，低质量，JPEG压缩残留，丑陋的，残缺的，多余的手指，画得不好的手部，画得不好的脸部，畸形的，毁容的，形态畸形的肢体，手指融合，静止不动的画面，杂乱的背景，三条腿，背景人很多，倒着走'

type Link = [string, number]

/** Two models share the work: one for the noisy first half, one for the second. */
export function wanNodes(
  models: { high: string; low: string },
  positive: Link,
  negative: Link,
  latent: Link,
): Record<string, Node> {
  const sampler = {
    positive,
    negative,
    steps: 20,
    cfg: 3.5,
    sampler_name: 'euler',
    scheduler: 'simple',
  }
  const node = (class_type: string, inputs: Node['inputs'], title?: string): Node => ({
    class_type,
    inputs,
    ...(title ? { _meta: { title } } : {}),
  })
  const loaded = (unet_name: string) => node('UNETLoader', { unet_name, weight_dtype: 'fp8_e4m3fn_fast' })
  return {
    '38': node('CLIPLoader', {
      clip_name: 'umt5_xxl_fp8_e4m3fn_scaled.safetensors',
      type: 'wan',
      device: 'default',
    }),
    '39': node('VAELoader', { vae_name: 'wan_2.1_vae.safetensors' }),
    '37': loaded(models.high),
    '56': loaded(models.low),
    '54': node('ModelSamplingSD3', { model: ['37', 0], shift: 8 }),
    '55': node('ModelSamplingSD3', { model: ['56', 0], shift: 8 }),
    '6': node('CLIPTextEncode', { clip: ['38', 0], text: '' }, 'Positive'),
    '7': node('CLIPTextEncode', { clip: ['38', 0], text: UNWANTED }, 'Negative'),
    '57': node('KSamplerAdvanced', {
      ...sampler,
      model: ['54', 0],
      latent_image: latent,
      add_noise: 'enable',
      noise_seed: 0,
      start_at_step: 0,
      end_at_step: 10,
      return_with_leftover_noise: 'enable',
    }),
    '58': node('KSamplerAdvanced', {
      ...sampler,
      model: ['55', 0],
      latent_image: ['57', 0],
      add_noise: 'disable',
      noise_seed: 0,
      start_at_step: 10,
      end_at_step: 10000,
      return_with_leftover_noise: 'disable',
    }),
    '8': node('VAEDecode', { samples: ['58', 0], vae: ['39', 0] }),
    '60': node('CreateVideo', { images: ['8', 0], fps: 16 }),
    '61': node('SaveVideo', { video: ['60', 0], filename_prefix: 'video', format: 'auto', codec: 'auto' }),
  }
}
