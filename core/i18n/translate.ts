import { type I18n, setupI18n } from '@lingui/core'
import { type CompiledMessage, compileMessageOrThrow } from '@lingui/message-utils/compileMessage'
import type { Sentence } from './say.ts'

/**
 * Turns sentences, numbers and times into one person's language and time zone. The English text is the key of the
 * catalogue; what a catalogue does not have is shown in English. Used by pages (through `app/i18n`), mails and papers.
 */
export interface Translator {
  readonly locale: string
  readonly timeZone: string
  /** ICU MessageFormat. A `Date` among the values is written as a long date in the person's zone. */
  t<const Text extends string>(text: Literal<Text> | Sentence, values?: Sentence['values']): string
  number(n: number, options?: Intl.NumberFormatOptions): string
  date(ms: number, style?: DateStyle): string
  time(ms: number): string
  dateTime(ms: number, style?: DateStyle): string
  /** A length of time in words, its two largest units: `4 min 10 s`. */
  duration(ms: number): string
  /** A length of time as a clock shows it: `2:41`, `1:02:03`. */
  clock(ms: number): string
  /** From `now`: `4 minutes ago`, `tomorrow`, `in 8 days`. Days are those of the person's calendar. */
  relative(ms: number, now: number): string
  /** Decimal units, as phones and browsers count: `18.2 MB`. */
  bytes(n: number): string
}

export type DateStyle = 'short' | 'medium' | 'long' | 'full'
/** English text to translated text, both in ICU MessageFormat. */
export type Catalogue = Readonly<Record<string, string>>

/** A text that is only known at run time cannot be collected for translators, so the compiler refuses it. */
type Literal<Text extends string> = string extends Text ? 'write the text here, or give a Sentence' : Text

/**
 * @param locale a BCP 47 tag; a malformed one reads as English
 * @param timeZone an IANA name; an unknown one reads as UTC
 * @param messages the catalogue of that language; without one the text is English, and so are the dates around it, in
 *   the manner of the person's region (`de` becomes `en-DE`). `locale` of the answer is what is really spoken, and is
 *   what belongs into `lang` (WCAG 3.1.1).
 */
export function translatorFor(locale: string, timeZone = 'UTC', messages: Catalogue = {}): Translator {
  const tag = spoken(locale, Object.keys(messages).length > 0)
  const zone = knownZone(timeZone)
  const local = instance(tag, messages)
  const english = tag === 'en' || tag.startsWith('en-') ? local : instance('en', {})

  const number = (n: number, options?: Intl.NumberFormatOptions) =>
    format(`number ${tag} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(tag, options)).format(n)
  const when = (ms: number, options: Intl.DateTimeFormatOptions) =>
    format(
      `date ${tag} ${zone} ${JSON.stringify(options)}`,
      () => new Intl.DateTimeFormat(tag, { ...options, timeZone: zone }),
    ).format(ms)
  const unit = (n: number, name: string, options?: Intl.NumberFormatOptions) =>
    number(n, { style: 'unit', unit: name, unitDisplay: 'short', ...options })
  const date = (ms: number, style: DateStyle = 'long') => when(ms, { dateStyle: style })

  return {
    locale: tag,
    timeZone: zone,
    t(given: string | Sentence, more?: Sentence['values']): string {
      const text = typeof given === 'string' ? given : given.text
      const values = typeof given === 'string' ? more : { ...given.values, ...more }
      const speaker = messages[text] === undefined ? english : local
      return speaker._(text, written(values, date))
    },
    number,
    date,
    time: (ms) => when(ms, { timeStyle: 'short' }),
    dateTime: (ms, style = 'long') => when(ms, { dateStyle: style, timeStyle: 'short' }),
    duration(ms) {
      const total = Math.max(0, Math.round(ms / 1000))
      const parts: [number, string][] = [
        [Math.floor(total / 86_400), 'day'],
        [Math.floor(total / 3600) % 24, 'hour'],
        [Math.floor(total / 60) % 60, 'minute'],
        [total % 60, 'second'],
      ]
      const first = parts.findIndex(([n]) => n > 0)
      if (first < 0) return unit(0, 'second')
      return parts
        .slice(first, first + 2)
        .filter(([n]) => n > 0)
        .map(([n, name]) => unit(n, name))
        .join(' ')
    },
    clock(ms) {
      const total = Math.max(0, Math.round(ms / 1000))
      const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
      const two = (n: number) => String(n).padStart(2, '0')
      return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
    },
    relative(ms, now) {
      const say = (n: number, name: Intl.RelativeTimeFormatUnit) =>
        format(`relative ${tag}`, () => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })).format(n, name)
      const seconds = (ms - now) / 1000
      const away = Math.abs(seconds)
      if (away < 45) return say(0, 'second')
      if (away < 45 * 60) return say(Math.sign(seconds) * Math.max(1, Math.round(away / 60)), 'minute')
      if (away < 22 * 3600) return say(Math.sign(seconds) * Math.max(1, Math.round(away / 3600)), 'hour')
      const days = calendarDay(ms, zone) - calendarDay(now, zone)
      if (Math.abs(days) < 45) return say(days, 'day')
      if (Math.abs(days) < 345) return say(Math.round(days / 30.44), 'month')
      return say(Math.round(days / 365.25), 'year')
    },
    bytes(n) {
      const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
      const step = n < 1000 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(n) / 3))
      return unit(n / 1000 ** step, names[step] as string, {
        maximumFractionDigits: step === 0 ? 0 : 1,
        unitDisplay: step === 0 ? 'long' : 'short',
      })
    },
  }
}

function instance(tag: string, messages: Catalogue): I18n {
  return setupI18n({ locale: tag, messages: { [tag]: messages } }).setMessagesCompiler(compiled)
}

// Compiling parses the text; the same few thousand texts come again and again.
const compiledTexts = new Map<string, CompiledMessage>()
function compiled(text: string): CompiledMessage {
  const known = compiledTexts.get(text)
  if (known !== undefined) return known
  const made = parsed(text)
  if (compiledTexts.size > 20_000) compiledTexts.clear()
  compiledTexts.set(text, made)
  return made
}

/** A text that is not valid MessageFormat (a translator's slip) is shown as it stands rather than not at all. */
function parsed(text: string): CompiledMessage {
  try {
    return compileMessageOrThrow(text)
  } catch {
    return [text]
  }
}

// Making an Intl formatter costs a hundred times more than using it.
const formats = new Map<string, unknown>()
function format<Format>(key: string, make: () => Format): Format {
  const known = formats.get(key) as Format | undefined
  if (known) return known
  const made = make()
  if (formats.size > 2000) formats.clear()
  formats.set(key, made)
  return made
}

function written(
  values: Sentence['values'],
  date: (ms: number) => string,
): Record<string, unknown> | undefined {
  if (!values) return undefined
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof Date ? date(value.getTime()) : value,
    ]),
  )
}

function calendarDay(ms: number, timeZone: string): number {
  const parts = format(
    `day ${timeZone}`,
    () => new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' }),
  ).formatToParts(ms)
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day')) / 86_400_000
}

function spoken(asked: string, translated: boolean): string {
  try {
    const locale = new Intl.Locale(asked)
    if (translated || locale.language === 'en') return locale.toString()
    const { region } = locale.maximize()
    return region ? `en-${region}` : 'en'
  } catch {
    return 'en'
  }
}

function knownZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return timeZone
  } catch {
    return 'UTC'
  }
}
