import { pageLoader } from '#app/http/page.ts'
import { paths } from '#app/paths.ts'

/** What is behind a sign-in is not for crawlers; records of videos say `noindex` themselves, so they may be read. */
export const loader = pageLoader('anyone', () => {
  const closed = [
    paths.compose(),
    paths.creations(),
    paths.account(),
    paths.console(),
    '/media/',
    '/api/',
    '/set-up',
    '/verify-email',
    '/reset-password',
  ]
  const lines = ['User-agent: *', ...closed.map((path) => `Disallow: ${path}`)]
  return new Response(`${lines.join('\n')}\n`, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
})
