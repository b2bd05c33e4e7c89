import type { Clock } from '#core/clock/clock.ts'

/**
 * What `read` answered, for so many ms, and while it is still asked: for what every request wants to know and may be a
 * second old. A failure is not remembered.
 */
export function rememberedFor<T>(ms: number, read: () => Promise<T>, clock: Clock): () => Promise<T> {
  let known: { answer: Promise<T>; until: number } | undefined
  return () => {
    if (known && clock.now() < known.until) return known.answer
    const asked = { answer: read(), until: Number.POSITIVE_INFINITY }
    known = asked
    asked.answer.then(
      () => {
        asked.until = clock.now() + ms
      },
      () => {
        known = undefined
      },
    )
    return asked.answer
  }
}
