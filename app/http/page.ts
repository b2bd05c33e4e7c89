import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from '@remix-run/node'
import type { z } from 'zod'
import { countTry, type LimitName } from '#app/accounts/limits.ts'
import { may } from '#app/accounts/permissions.ts'
import type { House } from '#app/house.ts'
import type { Actor } from '#core/actor.ts'
import type { SubjectTable } from '#core/db/schema/accounts.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { bodyUpTo } from './body.ts'
import type { EdgeContext, Guard } from './load-context.ts'
import { errorPage, type Refusal, refusalOf } from './refusals.ts'

/**
 * The one way to write a page: who may open it, what it takes, what it does, in this order for everybody. A loader or
 * action that was not made here has no guard, and a test refuses the route.
 */
export interface Visit<Who> {
  house: House
  context: EdgeContext
  request: Request
  url: URL
  params: Readonly<Record<string, string | undefined>>
  who: Who
}

/** Who is there, as far as the guard makes sure of it. */
type WhoOf<G extends Guard> = G extends 'person'
  ? Person
  : G extends { staff: unknown }
    ? Staff
    : Person | undefined

export interface Person {
  subject: SubjectTable
  sessionId: string
  actor: Extract<Actor, { kind: 'person' }>
}

export interface Staff extends Omit<Person, 'actor'> {
  actor: Extract<Actor, { kind: 'staff' }>
}

export interface Guarded {
  readonly guard: Guard
}

export function pageLoader<const G extends Guard, T>(
  guard: G,
  load: (visit: Visit<WhoOf<G>>) => Promise<T> | T,
): ((args: LoaderFunctionArgs) => Promise<T>) & Guarded {
  const loader = async (args: LoaderFunctionArgs): Promise<T> => {
    try {
      return await load(visitOf(guard, args))
    } catch (error) {
      throw errorPage(error, args.context)
    }
  }
  return Object.assign(loader, { guard })
}

export interface ActionSpec<G extends Guard, S extends z.ZodType, T> {
  guard: G
  /** The fields of the form. Unknown ones are refused by the schema (`z.strictObject`). */
  input: S
  /** Counted before anything else is done; of a form that does several things, `when` it does this one. */
  limit?: {
    name: LimitName
    identity?: (input: z.infer<S>, who: WhoOf<G>) => string
    when?: (input: z.infer<S>) => boolean
  }
  /** Sentences for fields that do not fit the schema. */
  fieldErrors?: Refusal['fields']
  /** Fields that come back with a refusal, so that nobody types them again without scripts. Never a password. */
  keep?: readonly string[]
  act(visit: Visit<WhoOf<G>> & { input: z.infer<S> }): Promise<T>
}

/** The answer of an action that did not redirect: either what it returned or why it was refused. */
export type Answer<T> =
  | { ok: true; result: T }
  | { ok: false; refusal: Refusal; typed: Readonly<Record<string, string>> }

export function pageAction<const G extends Guard, S extends z.ZodType, T>(
  spec: ActionSpec<G, S, T>,
): ((args: ActionFunctionArgs) => Promise<ReturnType<typeof data<Answer<T>>>>) & Guarded {
  const action = async (args: ActionFunctionArgs) => {
    let form: Record<string, FormDataEntryValue> = {}
    try {
      const visit = visitOf(spec.guard, args)
      form = await formOf(args.request)
      const parsed = spec.input.safeParse(form)
      if (!parsed.success) throw wrongFields(parsed.error, spec.fieldErrors)
      if (spec.limit && spec.limit.when?.(parsed.data) !== false)
        await count(args.context, spec.limit.name, spec.limit.identity?.(parsed.data, visit.who))
      const result = await spec.act({ ...visit, input: parsed.data })
      if (result instanceof Response) throw result
      return data<Answer<T>>({ ok: true, result })
    } catch (error) {
      const refused = refusalOf(error, args.context)
      if (!refused) throw error
      const typed = Object.fromEntries(
        (spec.keep ?? []).flatMap((name) => (typeof form[name] === 'string' ? [[name, form[name]]] : [])),
      )
      return data<Answer<T>>({ ok: false, refusal: refused.refusal, typed }, { status: refused.status })
    }
  }
  return Object.assign(action, { guard: spec.guard })
}

const LONGEST_FORM = 32 * 1024 * 1024

/** The fields of a form. */
async function formOf(request: Request): Promise<Record<string, FormDataEntryValue>> {
  const body = await bodyUpTo(request, LONGEST_FORM)
  if (!body)
    throw new AppError('form_too_large', say('That is too large. Nothing was kept of it.'), { status: 413 })
  const headers = { 'Content-Type': request.headers.get('content-type') ?? '' }
  try {
    return Object.fromEntries(await new Response(body, { headers }).formData())
  } catch {
    throw new AppError(
      'malformed_form',
      say('That did not arrive as it should. Reload the page and try again.'),
    )
  }
}

/** Counts a try by address and, where given, by whom it concerns. */
export async function count(context: EdgeContext, name: LimitName, identity?: string): Promise<void> {
  const { house, visitor } = context
  const hashKey = await house.keyring.secret('rate-limits')
  await countTry({ db: house.db, hashKey, now: house.clock.now() }, name, {
    address: visitor.address,
    identity,
  })
}

export function visitOf<G extends Guard>(
  guard: G,
  { context, request, params }: Pick<LoaderFunctionArgs, 'context' | 'request' | 'params'>,
): Visit<WhoOf<G>> {
  const url = new URL(request.url)
  return { house: context.house, context, request, url, params, who: admit(guard, context, url) as WhoOf<G> }
}

function admit(guard: Guard, context: EdgeContext, url: URL): Person | Staff | undefined {
  const { session } = context
  const person: Person | undefined = session && {
    subject: session.subject,
    sessionId: session.id,
    actor: { kind: 'person', id: session.subject.id },
  }
  if (guard === 'anyone' || guard === 'link') return person
  if (guard === 'guest') {
    if (person) throw redirect('/')
    return undefined
  }
  if (guard === 'api_key' || guard === 'signed') throw new Error('Programs have their own builders')
  if (!person) throw redirect(`/sign-in?to=${encodeURIComponent(url.pathname + url.search)}`)
  if (guard === 'person') return person
  const { role } = person.subject
  // To somebody without the permission the console is not there.
  if (role === 'person' || !may(role, guard.staff)) throw notFound()
  return { ...person, actor: { kind: 'staff', id: person.subject.id, role } }
}

export function notFound(): AppError {
  return new AppError(
    'not_found',
    say('There is nothing here. It may have been deleted, or the address is wrong.'),
    {
      status: 404,
    },
  )
}

function wrongFields(error: z.ZodError, sentences: Refusal['fields'] = {}): AppError {
  const fields: Record<string, ReturnType<typeof say>> = {}
  for (const issue of error.issues) {
    const name = String(issue.path[0] ?? 'form')
    fields[name] = sentences[name] ?? say('Please fill this in.')
  }
  return new AppError(
    'invalid_input',
    say('Something in the form is missing or wrong. Look at the marked fields.'),
    {
      status: 422,
      fields,
    },
  )
}
