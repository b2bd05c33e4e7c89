import Check from 'lucide-react/icons/check'
import Circle from 'lucide-react/icons/circle'
import type { ReactNode } from 'react'
import { Mark } from '#app/components/ui/Tag.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'

/** What this installation runs on. */
export interface RunsOn {
  database: 'sqlite' | 'postgres'
  storage: 'local' | 's3'
  mail: boolean
  https: boolean
  address: string
  signUp: boolean
}

/** For whoever sets the house up: what works already, and what can be switched on when it is wanted. */
export function WhatIsOn({ on }: { on: RunsOn }) {
  const { t } = useI18n()
  return (
    <div className="grid gap-8 rounded-lg border border-line bg-surface p-5 sm:p-6">
      <Group title={t('This is on')}>
        <Line title={t('Built-in renderer')}>
          {t('Makes moving storyboards on this machine. It needs no key and no network.')}
        </Line>
        {on.storage === 'local' ? (
          <Line title={t('Files in a local folder')}>{t('Each sealed under a key of its own.')}</Line>
        ) : (
          <Line title={t('Files in S3')}>{t('Each sealed under a key of its own before it leaves.')}</Line>
        )}
        {on.database === 'sqlite' ? (
          <Line title={t('SQLite')}>{t('One file in the data folder.')}</Line>
        ) : (
          <Line title={t('PostgreSQL')}>{t('As DATABASE_URL says.')}</Line>
        )}
        {on.mail ? (
          <Line title={t('Mail by SMTP')}>{t('As SMTP_URL says.')}</Line>
        ) : (
          <Line title={t('Mail outbox')}>{t('Nothing is sent; you read every mail in the console.')}</Line>
        )}
        <Line title={on.signUp ? t('Sign-up is open') : t('Sign-up is closed')}>
          {on.signUp
            ? t('Anyone who reaches the site can make an account. SIGN_UP=closed shuts the door.')
            : t('Only you have an account. SIGN_UP=open lets others make theirs.')}
        </Line>
        <Line title={t('Provenance')}>
          {t('Every video is signed with a certificate that this server made for itself.')}
        </Line>
      </Group>
      <Group title={t('When you want it')} later>
        {!on.mail && (
          <Line later title={t('Mail that is sent')}>
            {t('Set SMTP_URL and MAIL_FROM.')}
          </Line>
        )}
        {!on.https && (
          <Line later title={t('A public address')}>
            {t('Set APP_URL to your https address and put a proxy in front. Now it is {address}.', {
              address: on.address,
            })}
          </Line>
        )}
        {on.database === 'sqlite' && (
          <Line later title={t('PostgreSQL')}>
            {t('Set DATABASE_URL before there is data to keep.')}
          </Line>
        )}
        {on.storage === 'local' && (
          <Line later title={t('Files in S3')}>
            {t('Set STORAGE=s3 and the S3 settings.')}
          </Line>
        )}
        <Line later title={t('A keyring of its own')}>
          {t('Set KEYRING_URL to a database on another server, so that no backup holds data and keys.')}
        </Line>
      </Group>
    </div>
  )
}

function Group({ title, later, children }: { title: string; later?: boolean; children: ReactNode }) {
  return (
    <section className="grid gap-4">
      <h2 className={later ? 'font-bold text-ink-2 text-md' : 'font-bold text-md'}>{title}</h2>
      <ul className="grid gap-4">{children}</ul>
    </section>
  )
}

function Line({ title, later, children }: { title: string; later?: boolean; children: ReactNode }) {
  return (
    <li className="flex gap-3 text-sm">
      <Mark tone={later ? 'plain' : 'good'} icon={later ? Circle : Check} />
      <div className="grid gap-0.5">
        <p className="font-semibold">{title}</p>
        <p className="text-ink-2">{children}</p>
      </div>
    </li>
  )
}
