/**
 * A mail's two faces, from plain paragraphs: HTML that loads nothing, counts nothing and needs nothing but a button, and
 * text that says the same. Sentences come translated; they are data here, so a name with markup in it stays a name.
 */

export interface MailBody {
  readonly greeting?: string
  readonly paragraphs: readonly string[]
  /** The one thing to do. */
  readonly action?: { readonly label: string; readonly url: string }
  /** Who sent this and why: small, at the end. */
  readonly footer: string
}

/** `lang` as in BCP 47. Throws a TypeError where the action's address is not http or https. */
export function renderMail(
  body: MailBody,
  { lang, dir = 'ltr' }: { lang: string; dir?: 'ltr' | 'rtl' },
): { text: string; html: string } {
  const action = body.action && { label: clean(body.action.label), url: webAddress(body.action.url) }
  const greeting = body.greeting === undefined ? [] : [clean(body.greeting)]
  const before = [...greeting, ...body.paragraphs.map(clean)]
  const footer = clean(body.footer)

  const text = [...before, ...(action ? [`${action.label}:\n${action.url}`] : []), `-- \n${footer}`].join(
    '\n\n',
  )

  const button = action
    ? `<p style="margin:24px 0"><a href="${escaped(action.url)}" style="${BUTTON}">${escaped(action.label)}</a></p>
<p style="${SMALL};word-break:break-all">${escaped(action.url)}</p>
`
    : ''
  const html = `<!doctype html>
<html lang="${escaped(lang)}" dir="${dir}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto">
${before.map((paragraph) => `<p style="margin:0 0 16px">${lines(paragraph)}</p>`).join('\n')}
${button}<p style="${SMALL};margin-top:32px">${lines(footer)}</p>
</div>
</body>
</html>
`
  return { text: `${text}\n`, html }
}

const BUTTON =
  'display:inline-block;padding:10px 20px;border-radius:6px;background:#1f2937;color:#ffffff;text-decoration:none'
const SMALL = 'font-size:13px;color:#6b7280'

/** Without invisible and control characters, which turn text around or hide what a link says; newlines stay. */
function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (c) => (c === '\n' ? c : ''))
}

function lines(text: string): string {
  return escaped(text).replaceAll('\n', '<br>\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

function webAddress(url: string): string {
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')
    throw new TypeError('a mail links to web addresses only')
  return parsed.href
}
