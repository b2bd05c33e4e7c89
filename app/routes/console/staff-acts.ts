import { type ActionFunctionArgs, data } from '@remix-run/node'
import { z } from 'zod'
import type { Permission } from '#app/accounts/permissions.ts'
import { bodyUpTo } from '#app/http/body.ts'
import { type Answer, type Guarded, notFound, pageAction } from '#app/http/page.ts'

/**
 * A page of the console has several acts, each with a permission and fields of its own; the form's `intent` chooses.
 * Every act is a whole `pageAction`, so that its guard stands before anything is done; `acts` lets a test walk them.
 */
type Act = ((args: ActionFunctionArgs) => Promise<ReturnType<typeof data<Answer<unknown>>>>) & Guarded

type AnswerOf<Acts> = {
  [Intent in keyof Acts & string]: Acts[Intent] extends (args: never) => Promise<{ data: infer Given }>
    ? Given & { intent: Intent }
    : never
}[keyof Acts & string]

/** @param longest bytes of the longest form; what is longer counts as empty */
export function staffActs<const Acts extends Record<string, Act>>(
  page: Permission,
  acts: Acts,
  longest = LONGEST,
) {
  const guard = { staff: page } as const
  const unknownAct = pageAction({
    guard,
    input: z.looseObject({}),
    async act() {
      throw notFound()
    },
  })
  const action = async (args: ActionFunctionArgs) => {
    const { intent, request } = await opened(args.request, longest)
    const act: Act = (Object.hasOwn(acts, intent) && acts[intent]) || unknownAct
    const { data: answer, init } = await act({ ...args, request })
    return data({ ...answer, intent } as unknown as AnswerOf<Acts>, init ?? {})
  }
  return Object.assign(action, { guard, acts })
}

/** A reason of a thousand characters, each as twelve bytes of a form, and the fields around it. */
const LONGEST = 32 * 1024

/** A model's record with a whole workflow in it, each of its quotes and brackets as three bytes of a form. */
export const LONGEST_RECORD = 2 * 1024 * 1024

/** The form's intent, and the request as it was. What is longer than any form of ours counts as empty. */
async function opened(request: Request, longest: number): Promise<{ intent: string; request: Request }> {
  const body = (await bodyUpTo(request, longest)) ?? Buffer.alloc(0)
  const { url, method, headers, signal } = request
  const again = () => new Request(url, { method, headers, signal, body })
  const form = await again()
    .formData()
    .catch(() => undefined)
  return { intent: String(form?.get('intent') ?? ''), request: again() }
}
