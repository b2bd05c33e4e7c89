import type { Actor } from '#core/actor.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

/** Whoever works in the console, with their role. */
export type Staff = Extract<Actor, { kind: 'staff' }>

/** How many rows a page of the console shows; also the most that one look opens at once. */
export const PAGE = 25

/** The same answer for an id that is no id, one of nothing, and one this role may not see. */
export function nothingThere(): AppError {
  return new AppError('not_found', say('There is nothing under this id. It may have been deleted.'), {
    status: 404,
  })
}
