import CircleAlert from 'lucide-react/icons/circle-alert'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useId } from 'react'
import { useHydrated } from '#app/components/ui/hydrated.ts'
import { Icon } from '#app/components/ui/Icon.tsx'
import { Spinner } from '#app/components/ui/Progress.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Reference } from './reference-upload.ts'

/**
 * The reference picture as a small tile: choose, or drop and paste anywhere beside it. Without scripts it is a plain file
 * field of the form, and the picture travels with the prompt.
 */
export function ReferencePicker(props: {
  reference: Reference
  onChoose: (file: File) => void
  onRemove: () => void
  dropping: boolean
  error: string | undefined
}) {
  const { reference, onChoose, onRemove, dropping, error } = props
  const { t } = useI18n()
  const hydrated = useHydrated()
  const id = useId()
  const refused = reference.state === 'refused' ? t(reference.sentence) : error
  return (
    <div className="flex flex-wrap items-start gap-3">
      {reference.state === 'there' && <input type="hidden" name="reference_id" value={reference.id} />}
      {reference.state === 'sending' || reference.state === 'there' ? (
        <figure className="w-26">
          <div className="relative h-[66px] overflow-hidden rounded-md bg-sunken" data-theme="dark">
            <img src={reference.shown} alt={t('Your reference picture')} className="size-full object-cover" />
            {reference.state === 'sending' && (
              <span className="absolute inset-0 grid place-items-center bg-black/50 text-white">
                <Spinner size={20} />
              </span>
            )}
            <button
              type="button"
              aria-label={t('Remove the picture')}
              onClick={onRemove}
              className="absolute top-1 right-1 grid size-6 place-items-center rounded-full bg-black/65 text-white hover:bg-black"
            >
              <Icon of={X} size={14} />
            </button>
          </div>
          <figcaption className="mt-1 truncate text-ink-2 text-xs" role="status">
            {reference.state === 'sending' ? t('On its way') : t('Reference')}
          </figcaption>
        </figure>
      ) : (
        <div className="grid gap-1">
          <label
            htmlFor={id}
            className={`grid h-[66px] w-26 cursor-pointer place-items-center rounded-md border-[1.5px] border-dashed text-ink-3 hover:border-field hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 ${dropping ? 'border-accent bg-accent-soft text-accent' : 'border-line-strong'}`}
          >
            <Icon of={Plus} size={18} />
            <span className="sr-only">{t('Add a reference picture')}</span>
            {hydrated && (
              <input
                id={id}
                type="file"
                accept="image/jpeg,image/png,image/webp"
                className="sr-only"
                onChange={({ target }) => {
                  const file = target.files?.[0]
                  // Sent already: the form must not send it again.
                  target.value = ''
                  if (file) onChoose(file)
                }}
              />
            )}
          </label>
          <p className="text-ink-2 text-xs">{t('Drop, paste or choose a picture')}</p>
        </div>
      )}
      {!hydrated && (
        <input
          id={id}
          type="file"
          name="picture"
          accept="image/jpeg,image/png,image/webp"
          className="self-center text-ink-2 text-xs"
        />
      )}
      {refused && (
        <p role="alert" className="flex max-w-[36ch] items-start gap-1.5 self-center text-bad text-sm">
          <Icon of={CircleAlert} size={15} className="mt-0.5" />
          {refused}
        </p>
      )}
    </div>
  )
}
