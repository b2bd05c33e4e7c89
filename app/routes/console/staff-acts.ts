import { type ActionFunctionArgs, data } from '@remix-run/node'
import { z } from 'zod'
import type { Permission } from '#app/accounts/permissions.ts'
import { FormTooLarge, LONGEST_FORM, readForm } from '#app/http/form.ts'
import {
  type Answer,
  type Guarded,
  notFound,
  type PageActionArgs,
  pageAction,
  visitOf,
} from '#app/http/page.ts'
import { errorPage, refusalOf } from '#app/http/refusals.ts'

/**
 * A page of the console has several acts, each with a permission and fields of its own; the form's `intent` chooses.
 * Every act is a whole `pageAction`, so that its guard stands before anything is done; `acts` lets a test walk them.
 */
type Act = ((args: PageActionArgs) => Promise<ReturnType<typeof data<Answer<unknown>>>>) & Guarded

type AnswerOf<Acts> = {
  [Intent in keyof Acts & string]: Acts[Intent] extends (args: never) => Promise<{ data: infer Given }>
    ? Given & { intent: Intent }
    : never
}[keyof Acts & string]

/** @param longest bytes of the longest form of its acts (`readForm`) */
export function staffActs<const Acts extends Record<string, Act>>(
  page: Permission,
  acts: Acts,
  longest = LONGEST_FORM,
) {
  const guard = { staff: page } as const
  const unknownAct = pageAction({
    guard,
    input: z.looseObject({}),
    async act() {
      throw notFound()
    },
  })
  const answering = async (args: ActionFunctionArgs) => {
    try {
      // Nothing is read for somebody to whom the page is not there.
      visitOf(guard, args)
      const form = await readForm(args.request, longest)
      const intent = String(form.intent ?? '')
      const act: Act = (Object.hasOwn(acts, intent) && acts[intent]) || unknownAct
      const { data: answer, init } = await act({ ...args, form })
      return { answer, intent, init }
    } catch (error) {
      const refused = refusalOf(error, args.context)
      const intent = (error instanceof FormTooLarge && error.intent) || ''
      // The form says it where it is known which one it was; the page says it otherwise.
      if (!refused || !Object.hasOwn(acts, intent)) throw errorPage(error, args)
      const { refusal, status } = refused
      return { answer: { ok: false, refusal, typed: {} }, intent, init: { status } }
    }
  }
  const action = async (args: ActionFunctionArgs) => {
    const { answer, intent, init } = await answering(args)
    return data({ ...answer, intent } as unknown as AnswerOf<Acts>, init ?? {})
  }
  return Object.assign(action, { guard, acts })
}

/** A model's record with a whole workflow in it. */
export const LONGEST_RECORD = 2 * 1024 * 1024
