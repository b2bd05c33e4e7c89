import { redirect } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { securitySchema } from '#app/accounts/accounts.schema.ts'
import { endOtherSessions, endSession, sessionHandle } from '#app/accounts/end-sessions.ts'
import { readProfile } from '#app/accounts/profile.ts'
import { changePassword } from '#app/accounts/sign-in.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { SessionRow } from '#app/components/account/SessionRow.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { List, Panel } from '#app/components/ui/Panel.tsx'
import { PasswordField } from '#app/components/ui/TextField.tsx'
import { count, pageAction, pageLoader } from '#app/http/page.ts'
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
      .map(({ id, ...session }) => ({ ...session, handle: sessionHandle(id), here: id === who.sessionId }))
      .sort((a, b) => Number(b.here) - Number(a.here)),
  }
})

export const action = pageAction({
  guard: 'person',
  input: securitySchema,
  fieldErrors: { current: say('Type your password.'), password: say('Choose a password.') },
  async act({ house, context, who, input }): Promise<never> {
    const { session, sessions, visitor } = context
    const id = who.subject.id
    const headers = new Headers()
    if (input.intent === 'password') {
      await count(context, 'confirm_password', id)
      const { current, password: next } = input
      await changePassword(house, id, { current, next, session: who.sessionId })
      // Whoever had a copy of this device's cookie is out as well.
      const { cookie } = await sessions.start(id, {
        authMethod: 'password',
        deviceClass: visitor.deviceClass,
      })
      if (session) await sessions.end(session)
      headers.set('Set-Cookie', cookie)
    } else if (input.intent === 'end_one') await endSession(house, id, input.session)
    else await endOtherSessions(house, id, who.sessionId)
    throw redirect(`${paths.security()}?done=${input.intent}`, { headers })
  },
})

export default function Security() {
  const { t } = useI18n()
  const { email, done, sessions } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  // Of the two forms that can be refused only a device can be gone.
  const gone = answer?.ok === false && answer.refusal.code === 'not_found'
  const refused = useRefusal(answer, !gone)
  const deviceRefused = useRefusal(answer, gone)
  return (
    <>
      <PageTitle title={t('Security')} lead={t('Your password, and where you are signed in.')} />
      <div className="grid gap-6">
        {done === 'password' && !answer && (
          <Callout tone="good" announced title={t('Your password was changed')}>
            {t('Every other device was signed out, and we have mailed you a note of it.')}
          </Callout>
        )}
        {(done === 'end_others' || done === 'end_one') && !answer && (
          <Callout tone="good" announced>
            {done === 'end_one' ? t('The device was signed out.') : t('Every other device was signed out.')}
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
          <Refusal refused={deviceRefused} />
          <List>
            {sessions.map((session) => (
              <SessionRow key={session.handle} of={session} />
            ))}
          </List>
        </Panel>
      </div>
    </>
  )
}
