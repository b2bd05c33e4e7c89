import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { bodyBegun } from './body.ts'

/**
 * Reading a form. Whoever sends one may be anybody, and parsing stops the server for everybody: 31 MB of tiny fields took
 * twenty seconds and a gigabyte. So bytes and fields are counted first.
 */
export type Form = Record<string, FormDataEntryValue>

/** In bytes: the longest text of ours (a key of 16,000 characters, each as three bytes of a form), and fields around it. */
export const LONGEST_FORM = 64 * 1024

/** The largest of ours has thirty. */
const MOST_FIELDS = 100

/**
 * @param longest in bytes. More than `LONGEST_FORM` only as multipart, whose parts are not decoded one by one.
 * @throws `form_too_large` (413), `malformed_form` (400)
 */
export async function readForm(request: Request, longest = LONGEST_FORM): Promise<Form> {
  const type = request.headers.get('content-type') ?? ''
  const parts = /^multipart\/form-data\b.*?;\s*boundary="?([^";]{1,200})"?/i.exec(type)?.[1]
  if (!parts && !/^application\/x-www-form-urlencoded\b/i.test(type)) throw malformed()
  const { bytes, whole } = await bodyBegun(request, parts ? longest : LONGEST_FORM)
  if (!whole) throw new FormTooLarge(bytes)
  if (countOf(bytes, parts ?? '&') > MOST_FIELDS) throw malformed()
  const form = await new Response(bytes, { headers: { 'Content-Type': type } }).formData().catch(() => {
    throw malformed()
  })
  return Object.fromEntries(form)
}

/** Fields that hold what no text of anybody's does: PostgreSQL keeps no NUL. */
export function withNul(form: Form): string[] {
  return Object.keys(form).filter((name) => typeof form[name] === 'string' && form[name].includes('\0'))
}

export class FormTooLarge extends AppError {
  /** The value of the field `intent` where the form begins with it, as those with several acts do. */
  readonly intent: string | undefined

  constructor(beginning: Buffer) {
    super('form_too_large', say('That is too large. Nothing was kept of it.'), { status: 413 })
    this.intent = intentFirst.exec(beginning.toString('latin1', 0, 500))?.[1]
  }
}

const intentFirst =
  /^(?:intent=|--\S+\r\nContent-Disposition: form-data; name="intent"\r\n\r\n)([a-z_]{1,40})\b/i

/** How often `text` occurs; no further than it matters. */
function countOf(bytes: Buffer, text: string): number {
  let count = 0
  for (
    let at = bytes.indexOf(text);
    at >= 0 && count <= MOST_FIELDS;
    at = bytes.indexOf(text, at + text.length)
  )
    count += 1
  return count
}

function malformed(): AppError {
  return new AppError(
    'malformed_form',
    say('That did not arrive as it should. Reload the page and try again.'),
  )
}
