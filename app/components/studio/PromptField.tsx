import { type ClipboardEvent, type RefObject, useEffect, useState } from 'react'
import { FieldNotes, useFieldWiring } from '#app/components/ui/Field.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'

/** In the tab's own storage, listed in the register of what is kept in browsers (`compliance/data-map/elsewhere.ts`). */
const DRAFT = 'draft'

/**
 * The large field for what the video should show. Uncontrolled, so that what is typed before the scripts have come stays.
 * A draft lives in the tab until the video is asked for.
 */
export function PromptField(props: {
  field: RefObject<HTMLTextAreaElement>
  given: string
  /** A prompt that was handed over is not replaced by an older draft. */
  keepGiven: boolean
  /** Another text for the field, each time a new object: nothing once it was asked for, or another creation's prompt. */
  put: { text: string } | undefined
  most: number
  error: string | undefined
  onPaste: (event: ClipboardEvent) => void
}) {
  const { field, given, keepGiven, put, most, error, onPaste } = props
  const { t, number } = useI18n()
  const [length, setLength] = useState(lengthOf(given))
  const wiring = useFieldWiring({ label: '', name: 'prompt', error })
  useEffect(() => {
    const area = field.current
    if (!area) return
    const draft = keepGiven ? null : readDraft()
    if (draft && area.value === '') area.value = draft
    setLength(lengthOf(area.value))
  }, [field, keepGiven])
  useEffect(() => {
    if (!put || !field.current) return
    field.current.value = put.text
    keepDraft(put.text)
    setLength(lengthOf(put.text))
  }, [put, field])
  const left = most - length
  return (
    <div className="flex min-h-36 flex-1 flex-col gap-2">
      <label htmlFor={wiring.id} className="sr-only">
        {t('What should the video show?')}
      </label>
      <textarea
        {...wiring}
        ref={field}
        dir="auto"
        defaultValue={given}
        rows={4}
        onPaste={onPaste}
        onChange={({ target }) => {
          setLength(lengthOf(target.value))
          keepDraft(target.value)
        }}
        placeholder={t(
          'A lighthouse at dusk, waves, rain on the lens. Then the storm clears and gulls rise.',
        )}
        className="field-sizing-content min-h-28 w-full flex-1 resize-none bg-transparent text-[1.25rem] text-ink leading-[1.55] tracking-[-0.005em] outline-none placeholder:text-ink-3"
      />
      <div className="flex items-start justify-between gap-4">
        <FieldNotes id={wiring.id} error={error} />
        {/* Said only when it matters; a count that changes with every key would be read out with every key. */}
        {left <= 200 && (
          <p className={left < 0 ? 'num text-bad text-xs' : 'num text-ink-3 text-xs'} role="status">
            {left < 0
              ? t('{over} characters too many', { over: number(-left) })
              : t('{left} characters left', { left: number(left) })}
          </p>
        )}
      </div>
    </div>
  )
}

function lengthOf(text: string): number {
  return [...text.trim()].length
}

function readDraft(): string | null {
  try {
    return sessionStorage.getItem(DRAFT)
  } catch {
    // A browser may forbid it; then a reload loses the draft and nothing else.
    return null
  }
}

function keepDraft(text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(DRAFT)
    else sessionStorage.setItem(DRAFT, text)
  } catch {
    // As above.
  }
}
