import { redirect } from '@remix-run/node'
import { z } from 'zod'
import { changeTheme } from '#app/accounts/profile.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { safeReturnTo } from '#app/http/security.ts'
import { paths } from '#app/paths.ts'

const YEAR_SECONDS = 365 * 24 * 3600

export const loader = pageLoader('anyone', (): never => {
  throw redirect(paths.home())
})

/** Light, dark or as the system has it: with the account, or for a guest in a cookie that says nothing else. */
export const action = pageAction({
  guard: 'anyone',
  input: z.strictObject({
    theme: z.enum(['system', 'light', 'dark']),
    returnTo: z.string().max(2000).optional(),
  }),
  async act({ house, who, input }): Promise<never> {
    const { theme } = input
    const headers = new Headers()
    if (who) await changeTheme(house, who.subject.id, theme === 'system' ? null : theme)
    else {
      const age = theme === 'system' ? 0 : YEAR_SECONDS
      const secure = house.config.appUrl.protocol === 'https:' ? '; Secure' : ''
      headers.set('Set-Cookie', `theme=${theme}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`)
    }
    throw redirect(safeReturnTo(input.returnTo, paths.home()), { headers })
  },
})
