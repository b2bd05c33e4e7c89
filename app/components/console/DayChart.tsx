import { useI18n } from '#app/i18n/I18n.tsx'

export interface DayOfVideos {
  day: number
  ready: number
  ended: number
  running: number
}

const HEIGHT = 96
const STEP = 28
const BAR = 18
const looks = { ready: 'fill-good', running: 'fill-accent', ended: 'fill-bad' } as const
type Part = keyof typeof looks
const parts: readonly Part[] = ['ready', 'running', 'ended']

/** Videos by day as stacked bars. The picture is silent: the same figures stand in the table behind it. */
export function DayChart({ days }: { days: readonly DayOfVideos[] }) {
  const { t, date, number } = useI18n()
  const words: Record<Part, string> = {
    ready: t('made'),
    running: t('being made'),
    ended: t('ended without a video'),
  }
  const sum = (day: DayOfVideos) => day.ready + day.running + day.ended
  const most = Math.max(0, ...days.map(sum))
  const width = days.length * STEP
  // Days are those of the server's count, in UTC: noon falls on the same date nearly everywhere.
  const name = (day: DayOfVideos) => date(day.day + 12 * 3_600_000, 'medium')
  return (
    <figure className="grid gap-3">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT + 1}`}
        aria-hidden="true"
        className="h-28 w-full"
        preserveAspectRatio="none"
      >
        <line x1={0} x2={width} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} className="stroke-line-strong" />
        {days.map((day, at) => {
          let top = HEIGHT
          return parts.map((part) => {
            if (day[part] === 0) return null
            const height = Math.max(2, (day[part] / Math.max(1, most)) * (HEIGHT - 4))
            top -= height
            return (
              <rect
                key={`${day.day} ${part}`}
                x={at * STEP + (STEP - BAR) / 2}
                y={Math.max(0, top)}
                width={BAR}
                height={Math.max(1, height - 1)}
                className={looks[part]}
              />
            )
          })
        })}
      </svg>
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-2 text-xs">
        {parts.map((part) => (
          <span key={part} className="inline-flex items-center gap-1.5">
            <svg viewBox="0 0 10 10" width={10} height={10} aria-hidden="true">
              <rect width={10} height={10} rx={2} className={looks[part]} />
            </svg>
            {words[part]}
          </span>
        ))}
        <span className="text-ink-3">{t('at most {most} on a day', { most: number(most) })}</span>
      </figcaption>
      <details className="text-sm">
        <summary className="w-fit text-ink-2 text-xs hover:text-ink">{t('The figures')}</summary>
        <div className="mt-2 overflow-x-auto">
          <table className="num w-full max-w-[480px] text-xs">
            <caption className="sr-only">{t('Videos by day')}</caption>
            <thead>
              <tr className="text-left text-ink-3">
                <th scope="col" className="py-1 font-medium">
                  {t('Day')}
                </th>
                {parts.map((part) => (
                  <th key={part} scope="col" className="py-1 text-right font-medium">
                    {words[part]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.day} className="border-line border-t">
                  <th
                    scope="row"
                    className="whitespace-nowrap py-1 text-left font-normal"
                    suppressHydrationWarning
                  >
                    {name(day)}
                  </th>
                  {parts.map((part) => (
                    <td key={part} className="py-1 text-right">
                      {number(day[part])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}
