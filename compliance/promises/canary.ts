import { firstIdAt } from '#core/ids/ids.ts'
import type { Sought } from './raw-search.ts'

/**
 * The canary: an account of nobody, whose texts are written the way every person's are. Each kind of text carries a marker
 * of its own, which comes out of the keyring and stands nowhere but sealed; whoever finds one raw has found a leak.
 */
export interface CanaryMarkers {
  /** How every marker begins, so that one look finds any of them. */
  shared: string
  /** By the kind of text that carries it. All are digits and the letters a to f. */
  kinds: Readonly<Record<string, string>>
}

/** Its account was made at the beginning of time, so its id sorts before every person's: what lists people begins here. */
export const firstPerson = firstIdAt('subject', 1)

/** The model of its video and the kind of its mail, which no other has: lists and figures leave them out. */
export const ofCanary = '_canary'

/** Finds markers as they are and in the spellings that texts usually come in; notes of which kinds they were. */
export function markersRaw({ shared, kinds }: CanaryMarkers): Sought & { seen: ReadonlySet<string> } {
  const first = spellings(shared)
  const whole = Object.entries(kinds).map(([kind, marker]) => ({ kind, forms: spellings(marker) }))
  const seen = new Set<string>()
  return {
    seen,
    in(text) {
      if (!first.some((form) => text.includes(form))) return false
      for (const { kind, forms } of whole) if (forms.some((form) => text.includes(form))) seen.add(kind)
      return true
    },
    overlap: Math.max(...whole.flatMap(({ forms }) => forms.map(({ length }) => length))),
  }
}

/**
 * A marker as UTF-8, in base64 at each of the three places where it may begin in a group of three bytes, in hex, and with
 * every byte percent-encoded. Base64 has the same letters for these markers in both of its alphabets, and hex has no letters.
 */
function spellings(marker: string): string[] {
  const bytes = Buffer.from(marker)
  const inBase64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url')
    // Only the characters that no neighbour has a part in.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
  })
  const hex = bytes.toString('hex')
  return [marker, ...inBase64, hex, hex.replace(/../g, '%$&')]
}
