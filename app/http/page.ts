import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from '@remix-run/node'
import type { z } from 'zod'
import { countTry, type LimitName } from '#app/accounts/limits.ts'
import { may } from '#app/accounts/permissions.ts'
import type { House } from '#app/house.ts'
import type { Actor } from '#core/actor.ts'
import type { SubjectTable } from '#core/db/schema/accounts.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type Form, readForm, withNul } from './form.ts'
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
      throw errorPage(error, args)
    }
  }
  return Object.assign(loader, { guard })
}

export interface ActionSpec<G extends Guard, S extends z.ZodType, T> {
  guard: G
  /** The fields of the form. Unknown ones are refused by the schema (`z.strictObject`). */
  input: S
  /** In bytes, where files travel with the form; `LONGEST_FORM` unless it says more. */
  longest?: number
  /**
   * Counted before anything else is done, by address before the form is even read, so that one that is malformed counts
   * too; of a form that does several things, `when` it does this one.
   */
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

/** A page with several acts has read the form already, to see which of them it is for (`staffActs`). */
export type PageActionArgs = ActionFunctionArgs & { form?: Form }

export function pageAction<const G extends Guard, S extends z.ZodType, T>(
  spec: ActionSpec<G, S, T>,
): ((args: PageActionArgs) => Promise<ReturnType<typeof data<Answer<T>>>>) & Guarded {
  const { limit } = spec
  const action = async (args: PageActionArgs) => {
    let form: Form = {}
    try {
      const visit = visitOf(spec.guard, args)
      const countFirst = limit !== undefined && !limit.when
      if (countFirst) await count(args.context, limit.name)
      form = args.form ?? (await readForm(args.request, spec.longest))
      const parsed = spec.input.safeParse(form)
      if (!parsed.success) throw wrongFields(namesIn(parsed.error), spec.fieldErrors)
      const unkept = withNul(form)
      if (unkept.length > 0) throw wrongFields(unkept, spec.fieldErrors)
      const { data: input } = parsed
      const identity = limit?.identity?.(input, visit.who)
      if (limit && (countFirst ? identity !== undefined : limit.when?.(input)))
        await count(args.context, limit.name, identity, { addressCounted: countFirst })
      const result = await spec.act({ ...visit, input })
      if (result instanceof Response) throw result
      return data<Answer<T>>({ ok: true, result })
    } catch (error) {
      const refused = refusalOf(error, args.context)
      if (!refused) throw errorPage(error, args)
      const typed = Object.fromEntries(
        (spec.keep ?? []).flatMap((name) => (typeof form[name] === 'string' ? [[name, form[name]]] : [])),
      )
      return data<Answer<T>>({ ok: false, refusal: refused.refusal, typed }, { status: refused.status })
    }
  }
  return Object.assign(action, { guard: spec.guard })
}

/** Counts a try by address, unless it was, and by whom it concerns where that is given. */
export async function count(
  context: EdgeContext,
  name: LimitName,
  identity?: string,
  { addressCounted = false } = {},
): Promise<void> {
  const { house, visitor } = context
  const hashKey = await house.keyring.secret('rate-limits')
  await countTry({ db: house.db, hashKey, now: house.clock.now() }, name, {
    address: visitor.address,
    identity,
    addressCounted,
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

function namesIn(error: z.ZodError): string[] {
  return error.issues.map(({ path }) => String(path[0] ?? 'form'))
}

function wrongFields(names: readonly string[], sentences: Refusal['fields'] = {}): AppError {
  const fields: Record<string, ReturnType<typeof say>> = {}
  for (const name of names) fields[name] = sentences[name] ?? say('Please fill this in.')
  return new AppError(
    'invalid_input',
    say('Something in the form is missing or wrong. Look at the marked fields.'),
    {
      status: 422,
      fields,
    },
  )
}
