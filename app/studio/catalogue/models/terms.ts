/** What the records of several families share: how their price follows from the cost, and rules that hold for all of them. */
import type { ModelRecord } from '../record.ts'

type Rule = NonNullable<ModelRecord['rules']>[number]

/** A quarter on top of what the dearest route takes, for failed attempts, storage and payment fees. The operator sets his own. */
export const quarterOnTop: ModelRecord['price'] = { version: 1, credits: 'ceil(cost / credit * 1.25)' }

/** What a route's provider takes, in US dollars. */
export function costs(usd: string): ModelRecord['routes'][number]['cost'] {
  return { version: 1, usd }
}

/** Only a picture at the beginning tells a shape by itself. */
export const autoNeedsPicture: Rule = {
  when: "aspect_ratio == 'auto'",
  must: "mode == 'first_frame' or mode == 'first_last_frame'",
  field: 'aspect_ratio',
  says: 'The shape can follow a picture only. Add a first picture, or choose a shape.',
}

/** Without a picture or clip beside it a sound is refused. */
export const soundNotAlone: Rule = {
  when: "mode == 'references'",
  must: 'images + videos > 0',
  field: 'inputs',
  says: 'A sound alone is not enough. Add a picture or a clip to it.',
}

/** Pictures travel inside requests at some providers; ours are 2048 pixels wide at most, and smaller than this. */
export const PICTURE_BYTES = 10_000_000
