/**
 * The inputs of fal's families of video models, as each endpoint's own page lists them (fal.ai/models/<id>/llms.txt) and
 * the types of `@fal-ai/client` name them. Where the two differ in type the page is right: the client's types write
 * integers as strings, and Wan 2.7 answers 422 to `"12"`.
 */
import type { InputRole, Mode, Resolution } from '#core/db/schema/studio.ts'
import type { DialectName } from './endpoint.ts'

export interface Dialect {
  /** How seconds are written: `5`, `"5"` or `"5s"`. */
  seconds: 'number' | 'text' | 'unit'
  /** Resolutions that go by another word here. */
  resolutions?: Partial<Record<Resolution, string>>
  modes: Partial<Record<Mode, ModeForm>>
}

export interface ModeForm {
  takes: readonly Setting[]
  inputs: Partial<Record<InputRole, InputField>>
}

/** `aspect` without the value "auto", `aspect_or_auto` with it. */
export type Setting = 'aspect' | 'aspect_or_auto' | 'resolution' | 'audio' | 'seed' | 'negative' | 'shots'

export interface InputField {
  field: string
  /** One address, a list of them, or Kling's elements, of which one may have a video. */
  as: 'one' | 'list' | 'elements'
  optional?: true
}

const one = (field: string): InputField => ({ field, as: 'one' })
const list = (field: string): InputField => ({ field, as: 'list', optional: true })
const drivingSound: InputField = { field: 'audio_url', as: 'one', optional: true }

const veo: readonly Setting[] = ['resolution', 'audio', 'seed', 'negative']
const seedance: readonly Setting[] = ['aspect_or_auto', 'resolution', 'audio', 'seed']
const startAndEnd = { first_frame: one('image_url'), last_frame: one('end_image_url') }

export const dialects: Record<DialectName, Dialect> = {
  veo: {
    seconds: 'unit',
    modes: {
      text: { takes: ['aspect', ...veo], inputs: {} },
      first_frame: { takes: ['aspect_or_auto', ...veo], inputs: { first_frame: one('image_url') } },
      first_last_frame: {
        takes: ['aspect_or_auto', ...veo],
        inputs: { first_frame: one('first_frame_url'), last_frame: one('last_frame_url') },
      },
      references: { takes: ['aspect', 'resolution', 'audio'], inputs: { image: list('image_urls') } },
      extend: { takes: ['aspect_or_auto', ...veo], inputs: { extend: one('video_url') } },
    },
  },
  'kling-3': {
    seconds: 'text',
    modes: {
      text: { takes: ['aspect', 'audio', 'negative', 'shots'], inputs: {} },
      first_frame: {
        takes: ['audio', 'negative', 'shots'],
        inputs: { first_frame: one('start_image_url') },
      },
      first_last_frame: {
        takes: ['audio', 'negative', 'shots'],
        inputs: { first_frame: one('start_image_url'), last_frame: one('end_image_url') },
      },
    },
  },
  'kling-o3': {
    seconds: 'text',
    modes: {
      text: { takes: ['aspect', 'audio', 'shots'], inputs: {} },
      first_frame: { takes: ['audio', 'shots'], inputs: { first_frame: one('image_url') } },
      first_last_frame: { takes: ['audio', 'shots'], inputs: startAndEnd },
      references: {
        takes: ['aspect', 'audio', 'shots'],
        inputs: {
          image: list('image_urls'),
          video: { field: 'elements', as: 'elements', optional: true },
        },
      },
    },
  },
  'seedance-1.5': {
    seconds: 'text',
    modes: {
      text: { takes: seedance, inputs: {} },
      first_frame: { takes: seedance, inputs: { first_frame: one('image_url') } },
      first_last_frame: { takes: seedance, inputs: startAndEnd },
    },
  },
  'seedance-2': {
    seconds: 'text',
    modes: {
      text: { takes: seedance, inputs: {} },
      first_frame: { takes: seedance, inputs: { first_frame: one('image_url') } },
      first_last_frame: { takes: seedance, inputs: startAndEnd },
      references: {
        takes: seedance,
        inputs: { image: list('image_urls'), video: list('video_urls'), audio: list('audio_urls') },
      },
    },
  },
  'wan-2.7': {
    seconds: 'number',
    modes: {
      text: { takes: ['aspect', 'resolution', 'seed', 'negative'], inputs: { audio: drivingSound } },
      first_frame: {
        takes: ['resolution', 'seed', 'negative'],
        inputs: { first_frame: one('image_url'), audio: drivingSound },
      },
      first_last_frame: {
        takes: ['resolution', 'seed', 'negative'],
        inputs: { ...startAndEnd, audio: drivingSound },
      },
      references: {
        takes: ['aspect', 'resolution', 'seed', 'negative'],
        inputs: { image: list('reference_image_urls'), video: list('reference_video_urls') },
      },
      extend: { takes: ['resolution', 'seed', 'negative'], inputs: { extend: one('video_url') } },
    },
  },
  'ltx-2': {
    seconds: 'number',
    resolutions: { '4k': '2160p' },
    modes: {
      text: { takes: ['aspect', 'resolution', 'audio'], inputs: {} },
      first_frame: {
        takes: ['aspect_or_auto', 'resolution', 'audio'],
        inputs: { first_frame: one('image_url') },
      },
      first_last_frame: { takes: ['aspect_or_auto', 'resolution', 'audio'], inputs: startAndEnd },
      extend: { takes: [], inputs: { extend: one('video_url') } },
    },
  },
  'sora-2': {
    seconds: 'number',
    modes: {
      text: { takes: ['aspect', 'resolution'], inputs: {} },
      first_frame: { takes: ['aspect_or_auto', 'resolution'], inputs: { first_frame: one('image_url') } },
    },
  },
}
