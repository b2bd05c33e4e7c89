import { useEffect, useReducer } from 'react'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { DateStyle } from '#core/i18n/translate.ts'
import { useHydrated } from './hydrated.ts'

/**
 * A moment in the person's own language and zone. The server writes it as the browser would; where the two know the
 * language's dates a little differently, the server's words stay. `relative` goes on counting, with the date on hover.
 */
export function Time(props: {
  ms: number
  show?: 'date' | 'time' | 'dateTime' | 'relative'
  style?: DateStyle
}) {
  const { ms, show = 'date', style } = props
  const { date, time, dateTime, relative } = useI18n()
  const now = useNow(show === 'relative')
  const words = {
    date: () => date(ms, style),
    time: () => time(ms),
    dateTime: () => dateTime(ms, style),
    relative: () => relative(ms, now),
  }
  return (
    <time
      dateTime={new Date(ms).toISOString()}
      title={show === 'relative' ? dateTime(ms) : undefined}
      className="num whitespace-nowrap"
      suppressHydrationWarning
    >
      {words[show]()}
    </time>
  )
}

/** The page's now in the first paint, so that both sides agree; then, if asked, it goes on. */
export function useNow(ticking: boolean, everyMs = 30_000): number {
  const { now, current } = useI18n()
  const hydrated = useHydrated()
  const [, tick] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    if (!ticking) return
    const timer = setInterval(tick, everyMs)
    return () => clearInterval(timer)
  }, [ticking, everyMs])
  return hydrated ? current() : now
}

/** How long something has been going on since `since`, as a clock shows it. */
export function Elapsed({ since }: { since: number }) {
  const { clock } = useI18n()
  const now = useNow(true, 1000)
  return (
    <span className="num" suppressHydrationWarning>
      {clock(now - since)}
    </span>
  )
}
