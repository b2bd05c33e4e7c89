import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { newPasswordSchema } from '#app/accounts/accounts.schema.ts'
import { resetPassword } from '#app/accounts/sign-in.ts'
import { tokenIsGood } from '#app/accounts/tokens.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { LinkButton } from '#app/components/ui/Button.tsx'
import { PasswordField } from '#app/components/ui/TextField.tsx'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'
import { AuthPage } from './AuthPage.tsx'

export const meta = titled(say('Choose a new password'))

export const loader = pageLoader('link', async ({ house, url }) => {
  const token = url.searchParams.get('token') ?? ''
  return { token, good: await tokenIsGood(house.db.read, token, 'reset_password', house.clock.now()) }
})

export const action = pageAction({
  guard: 'link',
  input: newPasswordSchema,
  limit: { name: 'use_link' },
  fieldErrors: { password: say('Choose a password.') },
  async act({ house, input }) {
    await resetPassword(house, input.token, input.password)
  },
})

export default function ResetPassword() {
  const { t } = useI18n()
  const { token, good } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = useRefusal(answer)
  if (answer?.ok)
    return (
      <AuthPage
        title={t('Your password is new')}
        lead={t(
          'Every device was signed out, and we have mailed you a note of it. Sign in with the new one.',
        )}
      >
        <LinkButton to={paths.signIn()} look="primary" size="lg" wide>
          {t('Sign in')}
        </LinkButton>
      </AuthPage>
    )
  if (!good)
    return (
      <AuthPage
        title={t('This link no longer works')}
        lead={t(
          'It was used already, is older than 30 minutes, or a newer one was mailed. Your password is as it was.',
        )}
      >
        <LinkButton to={paths.forgotPassword()} look="primary" size="lg" wide>
          {t('Ask for a new link')}
        </LinkButton>
      </AuthPage>
    )
  return (
    <AuthPage title={t('Choose a new password')} lead={t('Every device is signed out by it, this one too.')}>
      <Form method="post" className="grid gap-4">
        <Refusal refused={refused} />
        <input type="hidden" name="token" value={token} />
        <PasswordField
          label={t('New password')}
          name="password"
          autoComplete="new-password"
          error={refused.of('password')}
          help={t('At least 8 characters. A few words together are easy to remember.')}
        />
        <SubmitButton wide size="lg">
          {t('Use this password')}
        </SubmitButton>
      </Form>
    </AuthPage>
  )
}
