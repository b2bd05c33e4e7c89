import { classes } from './classes.ts'
import { FieldNotes, type FieldProps, useFieldId } from './Field.tsx'
import type { Option } from './Select.tsx'

export interface SegmentedProps extends Omit<FieldProps, 'optional'> {
  options: readonly Option[]
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  /** row: the label at the left, the choice at the right; stack: the label above. */
  layout?: 'row' | 'stack'
}

/** A choice of a few, all of them in sight. Radio buttons underneath, so arrow keys and plain forms work. */
export function Segmented(props: SegmentedProps) {
  const {
    label,
    name,
    help,
    error,
    hideLabel,
    options,
    value,
    defaultValue,
    onChange,
    layout = 'row',
  } = props
  const id = useFieldId(name)
  return (
    <div className="grid gap-1.5">
      <div
        role="radiogroup"
        id={id}
        aria-labelledby={`${id}-label`}
        aria-describedby={
          [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ') || undefined
        }
        className={classes(
          'flex gap-x-3 gap-y-1.5',
          layout === 'row' ? 'min-h-8 flex-wrap items-center justify-between' : 'flex-col items-start',
        )}
      >
        <span
          id={`${id}-label`}
          className={classes(
            'text-sm',
            layout === 'row' ? 'text-ink-2' : 'font-medium',
            hideLabel && 'sr-only',
          )}
        >
          {label}
        </span>
        <span className="num inline-flex flex-wrap rounded-[8px] bg-sunken p-0.5">
          {options.map((option) => (
            <label key={option.value} className="segment">
              <input
                type="radio"
                className="sr-only"
                name={name}
                value={option.value}
                disabled={option.disabled}
                {...(value === undefined
                  ? { defaultChecked: option.value === defaultValue }
                  : { checked: option.value === value })}
                onChange={() => onChange?.(option.value)}
              />
              {option.label}
            </label>
          ))}
        </span>
      </div>
      <FieldNotes id={id} help={help} error={error} />
    </div>
  )
}
