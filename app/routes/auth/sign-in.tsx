import { redirect } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { signInSchema } from '#app/accounts/accounts.schema.ts'
import { normalAddress } from '#app/accounts/addresses.ts'
import { learnTimeZone } from '#app/accounts/profile.ts'
import { signIn } from '#app/accounts/sign-in.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { PasswordField, TextField } from '#app/components/ui/TextField.tsx'
import { forgive } from '#app/http/counting.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { safeReturnTo } from '#app/http/security.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'
import { AuthPage, linkLook } from './AuthPage.tsx'

export const meta = titled(say('Sign in'))

export const loader = pageLoader('guest', ({ house, url }) => ({
  takesAccounts: house.config.signUp === 'open',
  /** Somebody wanted to go somewhere and was sent here. */
  sent: url.searchParams.has('to'),
}))

export const action = pageAction({
  guard: 'guest',
  input: signInSchema,
  limit: { name: 'sign_in', identity: (input) => normalAddress(input.email) },
  keep: ['email'],
  fieldErrors: {
    email: say('Type the whole address, such as mara@example.org.'),
    password: say('Type your password.'),
  },
  async act({ house, context, url, input }) {
    const { visitor, sessions } = context
    const subject = await signIn(house, input.email, input.password)
    await forgive(context, 'sign_in', normalAddress(input.email))
    await learnTimeZone(house, subject, visitor.timeZone)
    const { cookie } = await sessions.start(subject.id, {
      authMethod: 'password',
      deviceClass: visitor.deviceClass,
    })
    throw redirect(safeReturnTo(url.searchParams.get('to'), paths.compose()), {
      headers: { 'Set-Cookie': cookie },
    })
  },
})

export default function SignIn() {
  const { t } = useI18n()
  const { takesAccounts, sent } = useLoaderData<typeof loader>()
  const refused = useRefusal(useActionData<typeof action>())
  return (
    <AuthPage
      title={t('Sign in')}
      lead={sent ? t('Then we take you where you wanted to go.') : undefined}
      foot={
        takesAccounts && (
          <>
            {t('New here?')}{' '}
            <Link to={paths.signUp()} className={linkLook}>
              {t('Make an account')}
            </Link>
          </>
        )
      }
    >
      <Form method="post" className="grid gap-4">
        <Refusal refused={refused} />
        {refused.code === 'unverified' && (
          <p className="text-sm">
            <Link to={paths.checkMail()} className={linkLook}>
              {t('Nothing came? Have it mailed again')}
            </Link>
          </p>
        )}
        <TextField
          label={t('Mail address')}
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={refused.typed('email') ?? ''}
          error={refused.of('email')}
        />
        <div className="grid gap-2">
          <PasswordField
            label={t('Password')}
            name="password"
            autoComplete="current-password"
            error={refused.of('password')}
          />
          <Link to={paths.forgotPassword()} className="w-fit text-ink-2 text-sm hover:text-ink">
            {t('Forgotten your password?')}
          </Link>
        </div>
        <SubmitButton wide size="lg">
          {t('Sign in')}
        </SubmitButton>
      </Form>
    </AuthPage>
  )
}
