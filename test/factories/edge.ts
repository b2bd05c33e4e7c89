import type { ActionFunctionArgs } from '@remix-run/node'
import type { EdgeContext } from '#app/http/load-context.ts'
import { openSessions } from '#app/http/session.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import type { TestHouse } from './house.ts'

/** What came of a request to a page: where it leads, what it says, which cookies it sets. */
export interface Outcome {
  status: number
  to: string | null
  cookies: string[]
  // biome-ignore lint/suspicious/noExplicitAny: the pages' own types are for the pages; a test looks at what is there
  body: any
  text(): Promise<string>
}

type Handler = (args: ActionFunctionArgs) => Promise<unknown>

/** A browser without scripts: it keeps its cookies, opens pages and posts forms straight into their routes. */
export async function aBrowser(house: TestHouse, ip = '192.0.2.1') {
  const sessions = openSessions(house, house.config.appUrl)
  const jar = new Map<string, string>()
  const closed = new AbortController()
  const faults: unknown[] = []
  const context = async (): Promise<EdgeContext> => ({
    house,
    sessions,
    session: await sessions.read(header()),
    visitor: {
      address: ip,
      locale: 'en',
      timeZone: 'Europe/Berlin',
      theme: undefined,
      deviceClass: 'computer',
    },
    links: signedLinks(new Uint8Array(32), house.clock),
    live: { subscribe: () => () => {} },
    outlet: { closed: closed.signal, drained: () => Promise.resolve() },
    stopping: closed.signal,
    cspNonce: 'nonce',
    locale: 'en',
    timeZone: 'UTC',
    theme: undefined,
    site: { name: 'Fairframe' },
    now: house.clock.now(),
    traceId: 'trace',
    report: (error) => faults.push(error),
  })
  const header = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  async function go(handler: Handler, path: string, params: Record<string, string>, init: RequestInit) {
    const request = new Request(new URL(path, house.config.appUrl), {
      ...init,
      headers: { cookie: header() },
    })
    const args = { request, params, context: await context() } as unknown as ActionFunctionArgs
    const outcome = outcomeOf(await handler(args).catch((thrown: unknown) => thrown))
    for (const cookie of outcome.cookies) keep(cookie)
    return outcome
  }
  function keep(cookie: string): void {
    const [pair = '', ...rest] = cookie.split('; ')
    const [name = '', value = ''] = pair.split('=')
    if (rest.includes('Max-Age=0')) jar.delete(name)
    else jar.set(name, value)
  }
  return {
    faults,
    cookie: (name: string) => jar.get(name),
    setCookie: (name: string, value: string) => void jar.set(name, value),
    open: (loader: Handler, path: string, params: Record<string, string> = {}) =>
      go(loader, path, params, { method: 'GET' }),
    post: (
      action: Handler,
      path: string,
      form: Record<string, string>,
      params: Record<string, string> = {},
    ) => go(action, path, params, { method: 'POST', body: new URLSearchParams(form) }),
    /** A body as it is: a form in parts, or none that is one. */
    send: (action: Handler, path: string, body: BodyInit, params: Record<string, string> = {}) =>
      go(action, path, params, { method: 'POST', body, duplex: 'half' } as RequestInit),
    /** The answer has gone out; whatever waited for that begins. */
    answered: () => closed.abort(),
  }
}

const text = () => Promise.reject(new Error('A page, not a text'))

function outcomeOf(result: unknown): Outcome {
  if (result instanceof Response)
    return {
      status: result.status,
      to: result.headers.get('location'),
      cookies: result.headers.getSetCookie(),
      body: undefined,
      text: () => result.text(),
    }
  if (result instanceof Error) throw result
  const answer = result as { type?: string; data?: unknown; init?: ResponseInit | null }
  return answer?.type === 'DataWithResponseInit'
    ? { status: answer.init?.status ?? 200, to: null, cookies: [], body: answer.data, text }
    : { status: 200, to: null, cookies: [], body: result, text }
}
