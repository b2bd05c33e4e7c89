import { Link } from '@remix-run/react'
import Check from 'lucide-react/icons/check'
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import { useEffect, useRef } from 'react'
import { Icon } from '#app/components/ui/Icon.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { UsualTime, UsualTimes } from '#app/studio/creations/creation.schema.ts'
import type { ModelSummary } from '#app/studio/creations/offer.schema.ts'
import type { Origin } from './ComposeForm.tsx'
import { usually } from './words.ts'

/** Half a day: noon of a day is the same day in nearly every time zone. */
const NOON_MS = 43_200_000

/** Who makes the video, and the others who could. Links in a fold, so that it works without scripts. */
export function ModelPicker(props: {
  models: readonly ModelSummary[]
  chosen: string
  /** Of the settings as they stand. */
  time: UsualTime | undefined
  usual: UsualTimes
  /** The creation that the form was taken from, if any. */
  origin: Origin | undefined
}) {
  const { models, chosen, time, usual, origin } = props
  const i18n = useI18n()
  const { t } = i18n
  const fold = useRef<HTMLDetailsElement>(null)
  const model = models.find(({ id }) => id === chosen)
  const close = () => {
    if (!fold.current?.open) return
    fold.current.open = false
    fold.current.querySelector('summary')?.focus()
  }
  // Opened at another model it would hide the settings that it brought.
  useEffect(() => {
    if (chosen && fold.current) fold.current.open = false
  }, [chosen])
  if (!model) return null
  const face = (
    <>
      <span
        aria-hidden="true"
        className="size-9 shrink-0 rounded-[8px] bg-[conic-gradient(from_210deg,#374baf,#a3adff,#e8d6ff,#374baf)]"
      />
      <span className="mr-auto min-w-0">
        <span className="block truncate font-semibold text-sm">{model.name}</span>
        <span className="num flex items-center gap-1.5 text-ink-3 text-xs">
          {time && <span aria-hidden="true" className="size-[7px] rounded-full bg-good" />}
          {usually(i18n, time)}
        </span>
      </span>
    </>
  )
  return (
    <div className="grid gap-1.5">
      {models.length === 1 ? (
        <div className="flex items-center gap-3 rounded-md border border-line px-3 py-2.5">{face}</div>
      ) : (
        <details
          ref={fold}
          className="group rounded-md border border-line"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            close()
          }}
        >
          <summary className="flex cursor-pointer list-none items-center gap-3 rounded-md px-3 py-2.5 hover:bg-sunken [&::-webkit-details-marker]:hidden">
            {face}
            <span className="sr-only">{t('Choose another model')}</span>
            <Icon of={ChevronsUpDown} className="text-ink-3" />
          </summary>
          <ul
            aria-label={t('Models')}
            className="grid max-h-96 gap-0.5 overflow-y-auto border-line border-t p-1"
          >
            {models.map((one) => (
              <li key={one.id}>
                <Link
                  to={paths.compose({ model: one.id, ...(origin ? { [origin.by]: origin.id } : {}) })}
                  preventScrollReset
                  aria-current={one.id === chosen ? 'true' : undefined}
                  onClick={one.id === chosen ? close : undefined}
                  className="grid gap-0.5 rounded-sm px-2.5 py-2 hover:bg-sunken aria-[current=true]:bg-accent-soft"
                >
                  <span className="flex items-center gap-2 font-medium text-sm">
                    <span className="mr-auto min-w-0 truncate">{one.name}</span>
                    {one.id === chosen && <Icon of={Check} className="text-accent" />}
                  </span>
                  <span className="text-ink-2 text-xs">{t({ text: one.says })}</span>
                  <span className="num text-ink-3 text-xs">
                    {[
                      one.from === null
                        ? undefined
                        : t('from {credits, plural, one {# credit} other {# credits}}', {
                            credits: one.from,
                          }),
                      usually(i18n, usual[one.usual]),
                    ]
                      .filter(Boolean)
                      .join(', ')}
                  </span>
                  {one.ends && <Ending {...one.ends} />}
                </Link>
              </li>
            ))}
          </ul>
        </details>
      )}
      {model.ends && <Ending {...model.ends} />}
    </div>
  )
}

/** That a model ends, when, and what to use then. */
function Ending({ on, next }: NonNullable<ModelSummary['ends']>) {
  const { t, date } = useI18n()
  const day = on === null ? undefined : date(Date.parse(on) + NOON_MS, 'medium')
  return (
    <span className="text-warn text-xs">
      {day === undefined ? t('It ends soon.') : t('Its last day is {day}.', { day })}
      {next !== null && ` ${t('Use {next} then.', { next })}`}
    </span>
  )
}
