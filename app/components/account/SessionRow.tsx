import { Form } from '@remix-run/react'
import Monitor from 'lucide-react/icons/monitor'
import Smartphone from 'lucide-react/icons/smartphone'
import Tablet from 'lucide-react/icons/tablet'
import Terminal from 'lucide-react/icons/terminal'
import type { Glyph } from '#app/components/ui/Icon.tsx'
import { ListRow } from '#app/components/ui/Panel.tsx'
import { Mark, Tag } from '#app/components/ui/Tag.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { SubmitButton } from './SubmitButton.tsx'

export interface SessionRowProps {
  /** Names the session in the form that ends it. */
  handle: string
  deviceClass: string
  createdAt: number
  lastSeenAt: number
  here: boolean
}

const icons: Readonly<Record<string, Glyph>> = {
  computer: Monitor,
  phone: Smartphone,
  tablet: Tablet,
  program: Terminal,
}

/** One sign-in of a person: on what, since when, used when, and the way to end it, which works without scripts. */
export function SessionRow({ of: session }: { of: SessionRowProps }) {
  const { t } = useI18n()
  const names: Readonly<Record<string, string>> = {
    computer: t('Computer'),
    phone: t('Phone'),
    tablet: t('Tablet'),
    program: t('Program'),
  }
  const device = names[session.deviceClass] ?? session.deviceClass
  return (
    <ListRow
      start={<Mark tone={session.here ? 'accent' : 'plain'} icon={icons[session.deviceClass] ?? Monitor} />}
      title={
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-semibold">{device}</span>
          {session.here && <Tag tone="accent">{t('This device')}</Tag>}
        </p>
      }
      note={
        <p className="flex flex-wrap gap-x-3">
          <span>
            {t('signed in')} <Time ms={session.createdAt} show="dateTime" style="medium" />
          </span>
          {!session.here && (
            <span>
              {t('last used')} <Time ms={session.lastSeenAt} show="relative" />
            </span>
          )}
        </p>
      }
      end={
        !session.here && (
          <Form method="post">
            <input type="hidden" name="intent" value="end_one" />
            <SubmitButton look="plain" size="sm" name="session" value={session.handle}>
              {t('Sign out')}
              <span className="sr-only">
                : {device}, <Time ms={session.createdAt} show="dateTime" style="medium" />
              </span>
            </SubmitButton>
          </Form>
        )
      }
    />
  )
}
