import type { ReactElement } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components/Menu'
import { classes } from './classes.ts'
import { type Glyph, Icon } from './Icon.tsx'
import { RemixLinks } from './RemixLinks.tsx'

export interface MenuEntry {
  id: string
  label: string
  icon?: Glyph
  /** Goes there; otherwise `onAction` is called. */
  to?: string
  onAction?: () => void
  danger?: boolean
  disabled?: boolean
}

/** What can be done with one thing. `trigger` is a `Button` or an `IconButton`. */
export function Menu(props: {
  label: string
  trigger: ReactElement
  /** `line` draws a line between groups. */
  items: readonly (MenuEntry | 'line')[]
  placement?: 'bottom end' | 'bottom start' | 'top start' | 'right bottom'
}) {
  const { label, trigger, items, placement = 'bottom end' } = props
  return (
    <MenuTrigger>
      {trigger}
      <Popover
        placement={placement}
        offset={6}
        className="appears min-w-44 rounded-md border border-line bg-surface p-1 shadow-lift"
      >
        <RemixLinks>
          <AriaMenu aria-label={label} className="outline-none">
            {items.map((item, at) =>
              item === 'line' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
                <Separator key={`line-${at}`} className="mx-2 my-1 h-px bg-line" />
              ) : (
                <MenuItem
                  key={item.id}
                  id={item.id}
                  textValue={item.label}
                  isDisabled={item.disabled ?? false}
                  {...(item.to ? { href: item.to } : {})}
                  {...(item.onAction ? { onAction: item.onAction } : {})}
                  className={classes(
                    'flex h-8 cursor-pointer items-center gap-2.5 rounded-sm px-2.5 text-sm outline-none data-[focused]:bg-sunken data-[disabled]:text-ink-3',
                    item.danger && 'text-bad',
                  )}
                >
                  {item.icon && <Icon of={item.icon} className={item.danger ? '' : 'text-ink-3'} />}
                  {item.label}
                </MenuItem>
              ),
            )}
          </AriaMenu>
        </RemixLinks>
      </Popover>
    </MenuTrigger>
  )
}
