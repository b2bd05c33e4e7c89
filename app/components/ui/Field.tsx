import CircleAlert from 'lucide-react/icons/circle-alert'
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import { useI18n } from '#app/i18n/I18n.tsx'
import { classes } from './classes.ts'
import { useDensity } from './density.ts'
import { Icon } from './Icon.tsx'

/**
 * What every input has: a label, perhaps a line of help, and the sentence that says what is wrong with it.
 *
 * Inputs are the browser's own, styled. Forms must post without scripts, and a server's refusal must not mark a field
 * as invalid for the browser, which would then hold back the next try.
 */
export interface FieldProps {
  label: string
  /** The key under which the form posts it. The field's id is made of it, so that the summary of errors can link there. */
  name: string
  help?: ReactNode
  error?: string | undefined
  /** The label is read out but not shown: for a search box with an icon. */
  hideLabel?: boolean
  /** Says "optional" beside the label. Most fields are required, so the few others are marked. */
  optional?: boolean
}

const ScopeContext = createContext('field')

/** Two forms on one page with fields of the same name need a scope each. */
export const FieldScope = ScopeContext.Provider

export function useFieldId(name: string): string {
  return `${useContext(ScopeContext)}-${name}`
}

/** The attributes that tie an input to its label, help and error. */
export function useFieldWiring({ name, help, error, optional }: FieldProps) {
  const id = useFieldId(name)
  const described = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ')
  return {
    id,
    name,
    required: !optional,
    'aria-invalid': error ? (true as const) : undefined,
    'aria-describedby': described || undefined,
  }
}

export function FieldFrame(props: FieldProps & { children: ReactNode; labelEnd?: ReactNode }) {
  const { label, name, help, error, hideLabel, optional, labelEnd, children } = props
  const { t } = useI18n()
  const id = useFieldId(name)
  return (
    <div className="grid gap-1.5">
      <div className={classes('flex items-baseline justify-between gap-3', hideLabel && 'sr-only')}>
        <label htmlFor={id} className="font-medium text-sm">
          {label}
          {optional && <span className="font-normal text-ink-3"> {t('(optional)')}</span>}
        </label>
        {labelEnd}
      </div>
      {children}
      <FieldNotes id={id} help={help} error={error} />
    </div>
  )
}

export function FieldNotes({
  id,
  help,
  error,
}: {
  id: string
  help?: ReactNode
  error?: string | undefined
}) {
  return (
    <>
      {error && (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-bad text-sm">
          <Icon of={CircleAlert} size={15} className="mt-0.5" />
          {error}
        </p>
      )}
      {help && (
        <p id={`${id}-help`} className="text-ink-3 text-xs">
          {help}
        </p>
      )}
    </>
  )
}

export function useControlClasses(): string {
  const dense = useDensity() === 'dense'
  return classes(
    'control w-full rounded-sm border border-field bg-surface text-ink transition-colors hover:border-ink-3',
    'aria-invalid:border-bad aria-invalid:outline-bad disabled:bg-sunken disabled:text-ink-3',
    dense ? 'h-8 px-2.5 text-sm' : 'h-10 px-3 text-md',
  )
}

/**
 * Everything wrong with a form that came back, above it. Takes the focus, so that the page says what happened instead
 * of leaving the person at the top.
 */
export function FormErrors(props: {
  /** What went wrong as a whole. */
  sentence?: string | undefined
  /** Field name to sentence, with the labels under which people know the fields. */
  fields?: Readonly<Record<string, string>> | undefined
}) {
  const { sentence, fields = {} } = props
  const { t } = useI18n()
  const box = useRef<HTMLDivElement>(null)
  const scope = useContext(ScopeContext)
  const names = Object.keys(fields)
  const said = sentence ?? names.map((name) => fields[name]).join(' ')
  useEffect(() => {
    if (said) box.current?.focus()
  }, [said])
  if (!said) return null
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="rounded-md border border-bad/40 bg-bad-soft px-4 py-3 text-ink text-sm"
    >
      <p className="flex items-start gap-2 font-semibold">
        <Icon of={CircleAlert} className="mt-0.5 text-bad" />
        {sentence ??
          t('{count, plural, one {One thing needs} other {# things need}} another look', {
            count: names.length,
          })}
      </p>
      {names.length > 0 && (
        <ul className="mt-1.5 grid gap-1 pl-6">
          {names.map((name) => (
            <li key={name}>
              <a href={`#${scope}-${name}`} className="underline underline-offset-2">
                {fields[name]}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
