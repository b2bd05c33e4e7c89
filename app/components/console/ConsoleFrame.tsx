import { Form, Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { type ConsoleItem, ConsoleShell } from '#app/components/shells/ConsoleShell.tsx'
import type { Command } from '#app/components/shells/commands.ts'
import { type ThemeChoice, ThemeSwitch } from '#app/components/ui/ThemeSwitch.tsx'
import type { Attention } from '#app/console/overview.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { Role } from '#core/db/schema/accounts.ts'
import { type ConsolePlace, consolePlaces } from './places.ts'
import { roleWords } from './words.ts'

export interface ConsoleFrameProps {
  siteName: string
  role: Role
  /** What this role may open. The others are not there. */
  places: readonly ConsolePlace[]
  attention: Attention
  theme: ThemeChoice
  themeAction: string
  signOut: string
  children: ReactNode
}

/** The sidebar of the console around every page of it. */
export function ConsoleFrame(props: ConsoleFrameProps) {
  const { places, role, siteName, theme, themeAction, signOut, children } = props
  const { t } = useI18n()
  const counts = useCounts(props.attention)
  const item = (place: ConsolePlace): ConsoleItem => {
    const { label, to } = consolePlaces[place]
    return { to, label: t(label), end: place === 'overview', ...counts[place] }
  }
  const inGroup = (group: string) => places.filter((place) => consolePlaces[place].group === group).map(item)
  const commands: Command[] = places.map((place) => ({
    id: place,
    label: t(consolePlaces[place].label),
    group: t('Console'),
    to: consolePlaces[place].to,
  }))
  return (
    <ConsoleShell
      siteName={siteName}
      home={paths.console()}
      groups={[
        { items: inGroup('first') },
        { label: t('Studio'), items: inGroup('studio') },
        { label: t('House'), items: inGroup('house') },
      ]}
      commands={[...commands, { id: 'studio', label: t('Go to the studio'), to: paths.compose() }]}
      foot={
        <div className="grid justify-items-start gap-3">
          <p className="text-ink-3">{t('You are here as: {role}', { role: t(roleWords[role]) })}</p>
          <ThemeSwitch action={themeAction} value={theme} />
          <div className="flex gap-4 text-ink-2">
            <Link to={paths.compose()} className="hover:text-ink">
              {t('Studio')}
            </Link>
            <Form method="post" action={signOut}>
              <button type="submit" className="hover:text-ink">
                {t('Sign out')}
              </button>
            </Form>
          </div>
        </div>
      }
    >
      {children}
    </ConsoleShell>
  )
}

/** What stands beside an item: hot when somebody must act, quiet when it only informs. */
function useCounts(now: Attention): Partial<Record<ConsolePlace, { count: string; hot?: boolean }>> {
  const { t, number } = useI18n()
  const counts: Partial<Record<ConsolePlace, { count: string; hot?: boolean }>> = {}
  if (now.brokenPromises > 0)
    counts.promises = { count: t('{count} broken', { count: now.brokenPromises }), hot: true }
  else if (now.unknownPromises > 0)
    counts.promises = { count: t('{count} unknown', { count: now.unknownPromises }), hot: true }
  else if (now.keptPromises > 0) counts.promises = { count: t('{count} kept', { count: now.keptPromises }) }
  if (now.providers.length > 0) counts.providers = { count: number(now.providers.length), hot: true }
  if (now.deadJobs > 0) counts.jobs = { count: number(now.deadJobs), hot: true }
  if (now.lateGenerations > 0)
    counts.generations = { count: t('{count} late', { count: now.lateGenerations }), hot: true }
  if (now.failedMails > 0) counts.outbox = { count: number(now.failedMails), hot: true }
  else if (now.heldMails > 0) counts.outbox = { count: number(now.heldMails) }
  return counts
}
