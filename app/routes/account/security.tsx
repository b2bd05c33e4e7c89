import { redirect } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import Monitor from 'lucide-react/icons/monitor'
import Smartphone from 'lucide-react/icons/smartphone'
import Tablet from 'lucide-react/icons/tablet'
import Terminal from 'lucide-react/icons/terminal'
import { securitySchema } from '#app/accounts/accounts.schema.ts'
import { endOtherSessions } from '#app/accounts/end-sessions.ts'
import { readProfile } from '#app/accounts/profile.ts'
import { changePassword } from '#app/accounts/sign-in.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { List, ListRow, Panel } from '#app/components/ui/Panel.tsx'
import { Mark, Tag } from '#app/components/ui/Tag.tsx'
import { PasswordField } from '#app/components/ui/TextField.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'

export const meta = titled(say('Security'))

export const loader = pageLoader('person', async ({ house, context, who, url }) => {
  const sessions = await context.sessions.list(who.subject.id)
  const { email } = await readProfile(house, who.subject)
  return {
    email,
    done: url.searchParams.get('done'),
    sessions: sessions
      .map(({ id, ...session }) => ({ ...session, here: id === who.sessionId }))
      .sort((a, b) => Number(b.here) - Number(a.here)),
  }
})

export const action = pageAction({
  guard: 'person',
  input: securitySchema,
  limit: { name: 'confirm_password', identity: (_, who) => who.subject.id },
  fieldErrors: { current: say('Type your password.'), password: say('Choose a password.') },
  async act({ house, context, who, input }): Promise<never> {
    const { session, sessions, visitor } = context
    const id = who.subject.id
    const headers = new Headers()
    if (input.intent === 'password') {
      const { current, password: next } = input
      await changePassword(house, id, { current, next, session: who.sessionId })
      // Whoever had a copy of this device's cookie is out as well.
      const { cookie } = await sessions.start(id, {
        authMethod: 'password',
        deviceClass: visitor.deviceClass,
      })
      if (session) await sessions.end(session)
      headers.set('Set-Cookie', cookie)
    } else await endOtherSessions(house, id, who.sessionId)
    throw redirect(`${paths.security()}?done=${input.intent}`, { headers })
  },
})

const devices = { computer: Monitor, phone: Smartphone, tablet: Tablet, program: Terminal } as const

export default function Security() {
  const { t } = useI18n()
  const { email, done, sessions } = useLoaderData<typeof loader>()
  const refused = useRefusal(useActionData<typeof action>())
  const names: Readonly<Record<string, string>> = {
    computer: t('Computer'),
    phone: t('Phone'),
    tablet: t('Tablet'),
    program: t('Program'),
  }
  return (
    <>
      <PageTitle title={t('Security')} lead={t('Your password, and where you are signed in.')} />
      <div className="grid gap-6">
        {done === 'password' && !refused.code && (
          <Callout tone="good" announced title={t('Your password was changed')}>
            {t('Every other device was signed out, and we have mailed you a note of it.')}
          </Callout>
        )}
        {done === 'end_others' && !refused.code && (
          <Callout tone="good" announced>
            {t('Every other device was signed out.')}
          </Callout>
        )}
        <Panel title={t('Password')} note={t('Changing it signs every other device out.')}>
          <Form method="post" className="grid gap-4 sm:max-w-[420px]">
            <Refusal refused={refused} />
            <input type="hidden" name="intent" value="password" />
            {/* For password managers, so that they know whose password this is. It has no name and is not sent. */}
            <input type="email" autoComplete="username" value={email} readOnly hidden />
            <PasswordField
              label={t('Your password now')}
              name="current"
              autoComplete="current-password"
              error={refused.of('current')}
            />
            <PasswordField
              label={t('New password')}
              name="password"
              autoComplete="new-password"
              error={refused.of('password')}
              help={t('At least 8 characters. A few words together are easy to remember.')}
            />
            <div>
              <SubmitButton>{t('Change the password')}</SubmitButton>
            </div>
          </Form>
        </Panel>
        <Panel
          title={t('Where you are signed in')}
          note={t('We keep the kind of device and the times, no addresses.')}
          actions={
            sessions.length > 1 && (
              <Form method="post">
                <SubmitButton look="quiet" size="sm" name="intent" value="end_others">
                  {t('Sign the others out')}
                </SubmitButton>
              </Form>
            )
          }
        >
          <List>
            {sessions.map((session) => (
              <ListRow
                key={`${session.createdAt}-${session.lastSeenAt}-${session.here}`}
                start={
                  <Mark
                    tone={session.here ? 'accent' : 'plain'}
                    icon={devices[session.deviceClass as keyof typeof devices] ?? Monitor}
                  />
                }
                title={names[session.deviceClass] ?? session.deviceClass}
                note={
                  <>
                    {t('Signed in')} <Time ms={session.createdAt} show="dateTime" style="medium" />
                  </>
                }
                end={
                  session.here ? (
                    <Tag tone="accent">{t('This device')}</Tag>
                  ) : (
                    <span className="text-ink-2">
                      <Time ms={session.lastSeenAt} show="relative" />
                    </span>
                  )
                }
              />
            ))}
          </List>
        </Panel>
      </div>
    </>
  )
}
