import { useFetcher, useLocation } from '@remix-run/react'
import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import Sun from 'lucide-react/icons/sun'
import { useI18n } from '#app/i18n/I18n.tsx'
import { classes } from './classes.ts'
import { type Glyph, Icon } from './Icon.tsx'

export type ThemeChoice = 'system' | 'light' | 'dark'

/** Posts `theme` (system, light or dark) and `returnTo` (where a browser without scripts goes back to) to `action`. */
export function ThemeSwitch({ action, value }: { action: string; value: ThemeChoice }) {
  const { t } = useI18n()
  const fetcher = useFetcher()
  const { pathname, search } = useLocation()
  const asked = fetcher.formData?.get('theme')
  const current = typeof asked === 'string' ? asked : value
  const choices: { id: ThemeChoice; label: string; icon: Glyph }[] = [
    { id: 'system', label: t('As the system'), icon: Monitor },
    { id: 'light', label: t('Light'), icon: Sun },
    { id: 'dark', label: t('Dark'), icon: Moon },
  ]
  return (
    <fetcher.Form method="post" action={action} className="inline-flex rounded-[8px] bg-sunken p-0.5">
      <input type="hidden" name="returnTo" value={pathname + search} />
      {choices.map(({ id, label, icon }) => (
        <button
          key={id}
          type="submit"
          name="theme"
          value={id}
          aria-label={label}
          title={label}
          aria-pressed={current === id}
          className={classes(
            'grid size-7 place-items-center rounded-sm',
            current === id ? 'bg-raised text-ink' : 'text-ink-3 hover:text-ink',
          )}
        >
          <Icon of={icon} size={15} />
        </button>
      ))}
    </fetcher.Form>
  )
}
