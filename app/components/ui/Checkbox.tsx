import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { FieldNotes, useFieldId } from './Field.tsx'

export interface CheckboxProps {
  /** What is said yes to. May hold links. */
  children: ReactNode
  name: string
  /** What the form posts when it is ticked. */
  value?: string
  checked?: boolean
  defaultChecked?: boolean
  onChange?: (checked: boolean) => void
  required?: boolean
  disabled?: boolean
  help?: ReactNode
  error?: string | undefined
}

export function Checkbox(props: CheckboxProps) {
  return <Ticked {...props} className="mt-[3px] size-4 shrink-0 accent-accent" />
}

/** On or off at once, without a button to save: otherwise use a checkbox. */
export function Switch(props: CheckboxProps) {
  return <Ticked {...props} role="switch" className="switch mt-px" />
}

function Ticked(props: CheckboxProps & { role?: 'switch'; className: string }) {
  const { children, name, help, error, onChange, className, disabled, ...rest } = props
  const scoped = useFieldId(name)
  const id = rest.value === undefined ? scoped : `${scoped}-${rest.value}`
  return (
    <div className="grid gap-1">
      <label className={classes('flex items-start gap-2.5 text-sm', disabled && 'text-ink-3')}>
        <input
          {...rest}
          id={id}
          name={name}
          type="checkbox"
          disabled={disabled}
          className={className}
          aria-invalid={error ? true : undefined}
          aria-describedby={
            [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ') || undefined
          }
          {...(onChange ? { onChange: (event) => onChange(event.target.checked) } : {})}
        />
        <span>{children}</span>
      </label>
      <div className={classes('grid gap-1 empty:hidden', rest.role ? 'pl-11' : 'pl-[26px]')}>
        <FieldNotes id={id} help={help} error={error} />
      </div>
    </div>
  )
}
