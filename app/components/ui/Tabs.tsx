import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components/Tabs'
import { classes } from './classes.ts'

const row = 'flex gap-5 overflow-x-auto border-line border-b'
const tab = 'flex shrink-0 items-baseline gap-1.5 py-2 text-sm'
const off = 'text-ink-2 hover:text-ink'
const on = 'font-semibold text-ink shadow-[inset_0_-2px_var(--accent)]'

/** Views of one list, each with an address of its own. The page knows which is the current one. */
export function TabLinks(props: {
  label: string
  items: readonly { to: string; label: string; count?: ReactNode; current: boolean }[]
}) {
  return (
    <nav aria-label={props.label} className={row}>
      {props.items.map((item) => (
        <Link
          key={item.to}
          to={item.to}
          aria-current={item.current ? 'page' : undefined}
          className={classes(tab, item.current ? on : off)}
        >
          {item.label}
          {item.count !== undefined && <span className="num">{item.count}</span>}
        </Link>
      ))}
    </nav>
  )
}

/** Parts of one page, one in sight at a time. */
export function Tabs(props: {
  label: string
  items: readonly { id: string; label: string; count?: ReactNode; content: ReactNode }[]
  selected?: string
  onSelect?: (id: string) => void
}) {
  const { label, items, selected, onSelect } = props
  return (
    <AriaTabs
      {...(selected === undefined ? {} : { selectedKey: selected })}
      {...(onSelect ? { onSelectionChange: (key) => onSelect(String(key)) } : {})}
    >
      <TabList aria-label={label} className={row}>
        {items.map((item) => (
          <Tab
            key={item.id}
            id={item.id}
            className={({ isSelected }) => classes(tab, 'cursor-pointer', isSelected ? on : off)}
          >
            {item.label}
            {item.count !== undefined && <span className="num">{item.count}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="pt-4">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
