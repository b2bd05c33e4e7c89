import type { House } from '#app/house.ts'
import type { LiveModel } from '#app/studio/catalogue/live.ts'
import { addReference, firstLike } from '#app/studio/references/references.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { ReferenceId, SubjectId } from '#core/ids/ids.ts'
import type { Wish } from './video-body.ts'
import { shapeFor } from './video-size.ts'

/**
 * What the studio is asked for, from what this API takes. Whether the model can do it is checked there, as for everybody;
 * a model that cannot be chosen is handed on as it is, to be refused there before a picture is kept.
 */
export async function inputFor(
  house: House,
  subject: SubjectId,
  { model: id, prompt, seconds, size, picture }: Wish,
  model: LiveModel | undefined,
): Promise<Record<string, unknown>> {
  const asked = { model: id, prompt, ...(seconds === undefined ? {} : { seconds: numberOf(seconds) }) }
  if (!model?.offered) return asked
  const shape = size === undefined ? {} : shapeFor(model.record, size)
  if (!picture) return { ...asked, ...shape }
  if (!model.record.inputs.first_frame) throw noPictures()
  return { ...asked, ...shape, reference_id: await kept(house, subject, picture) }
}

/** The same picture sent again is the same reference, and not a second one among the person's files. */
async function kept(house: House, subject: SubjectId, picture: Uint8Array): Promise<ReferenceId> {
  return firstLike(house, subject, await addReference(house, subject, picture))
}

/** What is no number stays what it is, for the model's record to say what would be one. */
function numberOf(seconds: string | number): string | number {
  return typeof seconds === 'string' && /^\d{1,4}$/.test(seconds) ? Number(seconds) : seconds
}

function noPictures(): AppError {
  const sentence = say('This model cannot work from files like these.')
  return new AppError('invalid_input', sentence, { status: 400, fields: { input_reference: sentence } })
}
