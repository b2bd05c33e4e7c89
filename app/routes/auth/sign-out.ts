import { redirect } from '@remix-run/node'
import { z } from 'zod'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { paths } from '#app/paths.ts'

/** Somebody typed the address: nothing is changed by looking. */
export const loader = pageLoader('anyone', (): never => {
  throw redirect(paths.home())
})

/** Ends the session on the server, so that a copy of the cookie opens nothing, and clears what the browser kept. */
export const action = pageAction({
  guard: 'anyone',
  input: z.strictObject({}),
  async act({ context }): Promise<never> {
    if (!context.session) throw redirect(paths.home())
    const { cookie } = await context.sessions.end(context.session)
    throw redirect(paths.home(), { headers: { 'Set-Cookie': cookie, 'Clear-Site-Data': '"storage"' } })
  },
})
