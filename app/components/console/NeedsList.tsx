import { Link } from '@remix-run/react'
import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'
import { List, ListRow, Panel } from '#app/components/ui/Panel.tsx'
import { Mark } from '#app/components/ui/Tag.tsx'
import type { Attention, Upkeep } from '#app/console/overview.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { alarmWords } from './catalogue-words.ts'

export type Needs = Attention

interface Need {
  id: string
  bad: boolean
  title: string
  note: string
  /** Where to act, for those who may. */
  to: string | false
  verb: string
}

/** What waits for a person, worst first, each with what it means and where to go. */
export function NeedsList(props: {
  needs: Needs
  care: Upkeep
  may: { jobs: boolean; mail: boolean; settings: boolean; catalogue: boolean }
}) {
  const { t } = useI18n()
  const needs = useNeeds(props).toSorted((a, b) => Number(b.bad) - Number(a.bad))
  return (
    <Panel title={t('Needs a person')}>
      {needs.length === 0 ? (
        <p className="flex items-center gap-2 text-ink-2">
          <Mark tone="good" icon={CircleCheck} />
          {t('Nothing waits for you. What goes wrong shows up here first.')}
        </p>
      ) : (
        <List>
          {needs.map((need) => (
            <ListRow
              key={need.id}
              start={<Mark tone={need.bad ? 'bad' : 'warn'} icon={need.bad ? CircleAlert : TriangleAlert} />}
              title={<span className="font-medium">{need.title}</span>}
              note={
                <>
                  {need.note}
                  {/* Beside the words there is no room for it on a phone. */}
                  {need.to && (
                    <span className="block pt-1.5 sm:hidden">
                      <Go to={need.to}>{need.verb}</Go>
                    </span>
                  )}
                </>
              }
              end={
                need.to && (
                  <span className="hidden sm:block">
                    <Go to={need.to}>{need.verb}</Go>
                  </span>
                )
              }
            />
          ))}
        </List>
      )}
    </Panel>
  )
}

function useNeeds({ needs, care, may }: Parameters<typeof NeedsList>[0]): Need[] {
  const { t, bytes } = useI18n()
  const found: (Need | false)[] = [
    needs.brokenPromises > 0 && {
      id: 'broken',
      bad: true,
      title: t('{count, plural, one {A promise is} other {# promises are}} broken', {
        count: needs.brokenPromises,
      }),
      note: t('What the policy tells people is not so at the moment.'),
      to: paths.promises(),
      verb: t('See what broke'),
    },
    needs.lateGenerations > 0 && {
      id: 'late',
      bad: true,
      title: t('{count, plural, one {A video is} other {# videos are}} past the deadline', {
        count: needs.lateGenerations,
      }),
      note: t('They should have ended and been refunded by themselves: the worker may be standing still.'),
      to: paths.generations({ state: 'late' }),
      verb: t('See them'),
    },
    needs.deadJobs > 0 && {
      id: 'dead',
      bad: true,
      title: t('{count, plural, one {A job was} other {# jobs were}} given up', { count: needs.deadJobs }),
      note: t('Tried as often as allowed. Somebody has to look why, and try again.'),
      to: may.jobs && paths.jobs(),
      verb: t('Look at them'),
    },
    ...needs.providers.map(({ kind, provider, title }) => ({
      id: `${kind} ${provider}`,
      bad: kind !== 'register',
      title: t(alarmWords[kind].title, { provider: title }),
      note: t(alarmWords[kind].note),
      to: may.catalogue && paths.provider(provider),
      verb: t('Open the provider'),
    })),
    needs.failedMails > 0 && {
      id: 'failed',
      bad: true,
      title: t('{count, plural, one {A mail} other {# mails}} could not be delivered', {
        count: needs.failedMails,
      }),
      note: t('Somebody waits for it in vain.'),
      to: may.mail && paths.outbox({ state: 'failed' }),
      verb: t('Look at them'),
    },
    care.diskLow !== null && {
      id: 'disk',
      bad: care.diskLow.free < care.diskLow.reserve,
      title: t('{free} of disk are left', { free: bytes(care.diskLow.free) }),
      note: t('Under {reserve}, new videos are refused.', { reserve: bytes(care.diskLow.reserve) }),
      to: false,
      verb: '',
    },
    needs.unknownPromises > 0 && {
      id: 'unknown',
      bad: false,
      title: t('{count, plural, one {A promise was} other {# promises were}} not checked in the last day', {
        count: needs.unknownPromises,
      }),
      note: t('Until then nobody knows whether they are kept.'),
      to: paths.promises(),
      verb: t('Check now'),
    },
    care.mailIsOff && {
      id: 'mail',
      bad: false,
      title: t('Mail is off'),
      note: t(
        '{count, plural, =0 {New mails} one {A mail waits here, and new ones} other {# mails wait here, and new ones}} can be read in the outbox only. Set SMTP_URL and MAIL_FROM.',
        { count: needs.heldMails },
      ),
      to: may.mail && paths.outbox(),
      verb: t('Open the outbox'),
    },
  ]
  return found.filter((need) => need !== false)
}

function Go({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="whitespace-nowrap text-accent hover:underline">
      {children}
    </Link>
  )
}
