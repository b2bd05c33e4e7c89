import type { ReactElement } from 'react'
import { Tooltip as AriaTooltip, Focusable, TooltipTrigger } from 'react-aria-components/Tooltip'

/**
 * A word for what shows only an icon, on hover and on focus. Never the only place something is said: the child has the
 * same word as its name. A link needs `link`, a button of ours listens by itself.
 */
export function Tooltip(props: {
  text: string
  placement?: 'top' | 'right' | 'bottom' | 'left'
  link?: boolean
  children: ReactElement
}) {
  const { text, placement = 'top', link, children } = props
  return (
    <TooltipTrigger delay={350} closeDelay={80}>
      {link ? <Focusable>{children as never}</Focusable> : children}
      <AriaTooltip
        placement={placement}
        offset={8}
        className="rounded-xs bg-ink px-2 py-1 font-medium text-paper text-xs"
      >
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  )
}
