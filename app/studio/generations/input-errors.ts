import type { z } from 'zod'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'

/** What was wrong with a request, by field, with the limits of the model's record in the sentence. */
export function inputErrors(model: ModelRecord, error: z.ZodError): AppError {
  const fields: Record<string, Sentence> = {}
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) fields[key] = say('There is no such field. Remove it.')
    else {
      const name = String(issue.path[0] ?? 'body')
      fields[name] ??= sentenceOf(model, name)
    }
  }
  const first = Object.values(fields)[0] ?? say('Send a JSON object.')
  return new AppError('invalid_input', first, { status: 422, fields })
}

function sentenceOf(model: ModelRecord, field: string): Sentence {
  switch (field) {
    case 'prompt':
      return say('Write a prompt of {least} to {most} characters.', model.prompt)
    case 'seconds':
      if (model.seconds.choices)
        return say('Choose one of these lengths, in seconds: {list}.', {
          list: model.seconds.choices.join(', '),
        })
      return say('Choose a whole number of seconds from {least} to {most}.', {
        least: model.seconds.least,
        most: model.seconds.most,
      })
    case 'aspect_ratio':
      return say('Choose one of these shapes: {list}.', { list: model.aspectRatios.join(', ') })
    case 'resolution':
      return say('Choose one of these sizes: {list}.', { list: model.resolutions.join(', ') })
    case 'audio':
      if (model.audio === 'always') return say('This model always makes sound. Leave sound on.')
      if (model.audio === 'never') return say('This model makes no sound. Leave sound off.')
      return say('Sound is true or false.')
    case 'negative_prompt':
      return say('Write at most {most} characters of what to avoid.', {
        most: model.negativePrompt?.most ?? 0,
      })
    case 'shots':
      return say('Give 2 to {most} shots, each with a prompt and {least} to {longest} seconds.', {
        most: model.shots?.most ?? 0,
        least: model.shots?.leastSeconds ?? 0,
        longest: model.shots?.mostSeconds ?? 0,
      })
    case 'mode':
      return say('Choose one of these ways: {list}.', { list: model.modes.join(', ') })
    case 'inputs':
      return say('Name a role for each file, and a reference or a video of yours.')
    case 'seed':
      return say('A seed is a whole number from 0 to 4294967295.')
    case 'reference_id':
      return say('There is no such picture. Add it again.')
    default:
      return say('Send a JSON object.')
  }
}
