import ChevronDown from 'lucide-react/icons/chevron-down'
import { classes } from './classes.ts'
import { FieldFrame, type FieldProps, useControlClasses, useFieldWiring } from './Field.tsx'
import { Icon } from './Icon.tsx'

export interface Option {
  value: string
  label: string
  disabled?: boolean
}

export interface SelectProps extends FieldProps {
  options: readonly (Option | { group: string; options: readonly Option[] })[]
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  disabled?: boolean
  autoComplete?: string
}

/** The browser's own list, which phones show as theirs. A list to search through is the command palette's or a combo box's work. */
export function Select(props: SelectProps) {
  const { label, name, help, error, hideLabel, optional, options, onChange, ...rest } = props
  const wiring = useFieldWiring(props)
  const control = useControlClasses()
  return (
    <FieldFrame {...{ label, name, help, error, optional }} hideLabel={hideLabel ?? false}>
      <span className="relative flex items-center">
        <select
          {...rest}
          {...wiring}
          className={classes(control, 'appearance-none truncate pr-9')}
          {...(onChange ? { onChange: (event) => onChange(event.target.value) } : {})}
        >
          {options.map((one) =>
            'group' in one ? (
              <optgroup key={one.group} label={one.group}>
                {one.options.map(choice)}
              </optgroup>
            ) : (
              choice(one)
            ),
          )}
        </select>
        <Icon of={ChevronDown} className="pointer-events-none absolute right-3 text-ink-3" />
      </span>
    </FieldFrame>
  )
}

function choice(option: Option) {
  return (
    <option key={option.value} value={option.value} disabled={option.disabled}>
      {option.label}
    </option>
  )
}
