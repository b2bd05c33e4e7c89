import { Link, type LinkProps } from '@remix-run/react'
import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { ProgressBar } from 'react-aria-components/ProgressBar'
import { useI18n } from '#app/i18n/I18n.tsx'
import { classes } from './classes.ts'
import { type Density, useDensity } from './density.ts'
import { type Glyph, Icon } from './Icon.tsx'
import { Spinner } from './Progress.tsx'
import { Tooltip } from './Tooltip.tsx'

/** primary: the one thing to do here; quiet: the others; plain: without an edge, in rows and bars; danger: what destroys. */
export type ButtonLook = 'primary' | 'quiet' | 'plain' | 'danger'
export type ButtonSize = 'sm' | 'md' | 'lg'

export interface ButtonProps
  extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'isDisabled' | 'isPending' | 'onPress'> {
  look?: ButtonLook
  size?: ButtonSize
  icon?: Glyph
  /** At the other end of the button: a price, a count, a key. */
  end?: ReactNode
  wide?: boolean
  disabled?: boolean
  /** Keeps its place and the focus, says that it works, and takes no second press. */
  pending?: boolean
  onPress?: () => void
  children: ReactNode
}

export function Button(props: ButtonProps) {
  const { look = 'quiet', size, icon, end, wide, disabled, pending, children, onPress, ...rest } = props
  const { t } = useI18n()
  const density = useDensity()
  return (
    <AriaButton
      {...rest}
      {...(onPress ? { onPress: () => onPress() } : {})}
      isDisabled={disabled ?? false}
      isPending={pending ?? false}
      className={buttonClasses(look, size ?? usualSize(density), { wide, spread: end !== undefined })}
    >
      {pending ? (
        <ProgressBar aria-label={t('Working')} isIndeterminate className="flex">
          <Spinner size={16} />
        </ProgressBar>
      ) : (
        icon && <Icon of={icon} />
      )}
      {end === undefined ? children : <span className="mr-auto">{children}</span>}
      {end !== undefined && <span className="num font-medium text-sm">{end}</span>}
    </AriaButton>
  )
}

/** Only an icon to see; its word is the tooltip and the name. */
export function IconButton(
  props: Omit<ButtonProps, 'children' | 'icon' | 'end' | 'wide'> & { icon: Glyph; label: string },
) {
  const { look = 'plain', size, icon, label, disabled, pending, onPress, ...rest } = props
  const density = useDensity()
  return (
    <Tooltip text={label}>
      <AriaButton
        {...rest}
        {...(onPress ? { onPress: () => onPress() } : {})}
        aria-label={label}
        isDisabled={disabled ?? false}
        isPending={pending ?? false}
        className={classes(buttonClasses(look, size ?? usualSize(density)), 'aspect-square px-0')}
      >
        <Icon of={icon} size={18} />
      </AriaButton>
    </Tooltip>
  )
}

/** Goes somewhere, and looks like a button. */
export function LinkButton(
  props: Omit<LinkProps, 'className' | 'style'> & {
    look?: ButtonLook
    size?: ButtonSize
    icon?: Glyph
    wide?: boolean
  },
) {
  const { look = 'quiet', size, icon, wide, children, ...rest } = props
  const density = useDensity()
  return (
    <Link {...rest} className={buttonClasses(look, size ?? usualSize(density), { wide })}>
      {icon && <Icon of={icon} />}
      {children}
    </Link>
  )
}

function usualSize(density: Density): ButtonSize {
  return density === 'dense' ? 'sm' : 'md'
}

const looks: Record<ButtonLook, string> = {
  primary: 'border-transparent bg-accent text-accent-ink hover:bg-accent-strong',
  quiet: 'border-line-strong bg-surface text-ink hover:border-field hover:bg-sunken',
  plain: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
  danger: 'border-transparent bg-bad text-bad-ink hover:bg-bad-strong',
}

const sizes: Record<ButtonSize, string> = {
  sm: 'h-8 gap-1.5 rounded-sm px-3 text-sm',
  md: 'h-10 gap-2 rounded-[8px] px-4 text-sm',
  lg: 'h-12 gap-2 rounded-md px-4 text-md',
}

export function buttonClasses(
  look: ButtonLook,
  size: ButtonSize,
  shape: { wide?: boolean | undefined; spread?: boolean } = {},
): string {
  return classes(
    'inline-flex shrink-0 select-none items-center whitespace-nowrap border font-semibold transition-colors duration-100',
    'data-[disabled]:opacity-50 data-[pending]:opacity-70',
    shape.spread ? 'justify-between' : 'justify-center',
    shape.wide && 'w-full',
    looks[look],
    sizes[size],
  )
}
