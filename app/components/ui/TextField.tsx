import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useState } from 'react'
import { useI18n } from '#app/i18n/I18n.tsx'
import { classes } from './classes.ts'
import { FieldFrame, type FieldProps, useControlClasses, useFieldWiring } from './Field.tsx'
import { useHydrated } from './hydrated.ts'
import { Icon } from './Icon.tsx'

type Given<Attributes> = Omit<Attributes, 'className' | 'style' | 'id' | 'name' | 'onChange' | 'required'>

export interface TextFieldProps extends FieldProps, Given<InputHTMLAttributes<HTMLInputElement>> {
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  /** Inside the edge, before and after what is typed: an icon, a unit. */
  start?: ReactNode
  end?: ReactNode
}

export function TextField(props: TextFieldProps) {
  const {
    label,
    name,
    help,
    error,
    hideLabel,
    optional,
    start,
    end,
    onChange,
    type = 'text',
    ...rest
  } = props
  const wiring = useFieldWiring(props)
  const control = useControlClasses()
  return (
    <FieldFrame {...{ label, name, help, error, optional }} hideLabel={hideLabel ?? false}>
      <span className="relative flex items-center">
        {start && <span className="pointer-events-none absolute left-3 flex text-ink-3">{start}</span>}
        <input
          {...rest}
          {...wiring}
          type={type}
          className={classes(control, start !== undefined && 'pl-9', end !== undefined && 'pr-10')}
          {...(onChange ? { onChange: (event) => onChange(event.target.value) } : {})}
        />
        {end && <span className="absolute right-1.5 flex items-center text-ink-3 text-sm">{end}</span>}
      </span>
    </FieldFrame>
  )
}

/** Can be shown while it is typed, which makes long pass phrases bearable. */
export function PasswordField(
  props: Omit<TextFieldProps, 'type' | 'end' | 'autoComplete'> & {
    autoComplete: 'current-password' | 'new-password' | 'off'
  },
) {
  const { t } = useI18n()
  const [shown, setShown] = useState(false)
  const hydrated = useHydrated()
  const show = (
    <button
      type="button"
      aria-label={t('Show the password')}
      aria-pressed={shown}
      onClick={() => setShown(!shown)}
      className="grid size-7 place-items-center rounded-xs text-ink-3 hover:text-ink"
    >
      <Icon of={shown ? EyeOff : Eye} size={18} />
    </button>
  )
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      spellCheck={false}
      autoCapitalize="none"
      end={hydrated ? show : ''}
    />
  )
}

export interface TextAreaProps extends FieldProps, Given<TextareaHTMLAttributes<HTMLTextAreaElement>> {
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
}

/** Grows with its text where the browser can. */
export function TextArea(props: TextAreaProps) {
  const { label, name, help, error, hideLabel, optional, onChange, rows = 4, ...rest } = props
  const wiring = useFieldWiring(props)
  const control = useControlClasses()
  return (
    <FieldFrame {...{ label, name, help, error, optional }} hideLabel={hideLabel ?? false}>
      <textarea
        {...rest}
        {...wiring}
        rows={rows}
        className={classes(
          control.replace(/h-(8|10)/, 'min-h-20'),
          'field-sizing-content resize-y py-2 leading-normal',
        )}
        {...(onChange ? { onChange: (event) => onChange(event.target.value) } : {})}
      />
    </FieldFrame>
  )
}
