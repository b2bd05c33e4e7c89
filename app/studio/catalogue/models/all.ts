import type { ModelRecord } from '../record.ts'
import { geminiOmniFlash } from './gemini-omni.ts'
import { kling3 } from './kling.ts'
import { ltx23 } from './ltx.ts'
import { seedance2, seedance2Fast, seedance15Pro, seedance25 } from './seedance.ts'
import { selfHosted } from './self-hosted.ts'
import { sora2, sora2Pro } from './sora.ts'
import { storyboard } from './storyboard.ts'
import { veo31, veo31Fast, veo31Lite } from './veo.ts'
import { wan22, wan27 } from './wan.ts'

/** What comes with Fairframe, in the order in which people see it. */
export const shipped: readonly ModelRecord[] = [
  storyboard,
  veo31,
  veo31Fast,
  veo31Lite,
  geminiOmniFlash,
  kling3,
  seedance25,
  seedance2,
  seedance2Fast,
  seedance15Pro,
  wan27,
  ltx23,
  wan22,
  selfHosted,
  sora2,
  sora2Pro,
]
