import { pageLoader } from '#app/http/page.ts'
import { paths } from '#app/paths.ts'
import { siteSettings } from '#app/settings.ts'
import { DAY } from '#core/clock/clock.ts'
import { absentFile } from './absent-file.ts'

/** Whom to tell of a weakness (RFC 9116). Not there until the operator has named an address, since it must have one. */
export const loader = pageLoader('anyone', async ({ house }) => {
  const { contact } = await siteSettings(house.db.read)
  if (!contact) return absentFile()
  const { appUrl } = house.config
  const lines = [
    `Contact: mailto:${contact}`,
    // The RFC recommends less than a year; the file is made anew on every request.
    `Expires: ${new Date(house.clock.now() + 90 * DAY).toISOString()}`,
    'Preferred-Languages: en',
    `Canonical: ${new URL(paths.securityTxt(), appUrl).href}`,
  ]
  return new Response(`${lines.join('\n')}\n`, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
})
