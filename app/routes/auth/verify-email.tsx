import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { linkSchema } from '#app/accounts/accounts.schema.ts'
import { verifyEmail } from '#app/accounts/sign-up.ts'
import { linkUsed, tokenIsGood } from '#app/accounts/tokens.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { LinkButton } from '#app/components/ui/Button.tsx'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'
import { AuthPage, linkLook } from './AuthPage.tsx'

export const meta = titled(say('Confirm your address'))

/** Shows a button and changes nothing: programs that look through mail follow links too. */
export const loader = pageLoader('link', async ({ house, url }) => {
  const token = url.searchParams.get('token') ?? ''
  return { token, good: await tokenIsGood(house.db.read, token, 'verify_email', house.clock.now()) }
})

export const action = pageAction({
  guard: 'link',
  input: linkSchema,
  limit: { name: 'use_link' },
  fieldErrors: { token: linkUsed().sentence },
  async act({ house, input }) {
    await verifyEmail(house, input.token)
  },
})

export default function VerifyEmail() {
  const { t } = useI18n()
  const { token, good } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = useRefusal(answer)
  if (answer?.ok)
    return (
      <AuthPage title={t('Your address is confirmed')} lead={t('That was all. You can sign in now.')}>
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
          'It was used already, is older than a day, or a newer one was mailed. You may be confirmed already.',
        )}
        foot={
          <Link to={paths.checkMail()} className={linkLook}>
            {t('Have another link mailed')}
          </Link>
        }
      >
        <LinkButton to={paths.signIn()} look="primary" size="lg" wide>
          {t('Try to sign in')}
        </LinkButton>
      </AuthPage>
    )
  return (
    <AuthPage title={t('Confirm your address')} lead={t('One press, so that we know the mail reached you.')}>
      <Form method="post" className="grid gap-4">
        <Refusal refused={refused} />
        <input type="hidden" name="token" value={token} />
        <SubmitButton wide size="lg">
          {t('Yes, this is my address')}
        </SubmitButton>
      </Form>
    </AuthPage>
  )
}
