import { redirect } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { signUpSchema } from '#app/accounts/accounts.schema.ts'
import { normalAddress } from '#app/accounts/addresses.ts'
import { regionsIn } from '#app/accounts/regions.ts'
import { assertOldEnough, signUp } from '#app/accounts/sign-up.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { BirthFields } from '#app/components/account/BirthFields.tsx'
import { RegionField } from '#app/components/account/RegionField.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PasswordField, TextField } from '#app/components/ui/TextField.tsx'
import { count, pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { AuthPage, linkLook } from './AuthPage.tsx'
import { refusedCookie, wasRefused } from './age-cookie.ts'

export const meta = titled(say('Make an account'))

export const loader = pageLoader('guest', ({ house, context, request }) => {
  if (wasRefused(request)) return { door: 'refused' as const }
  if (house.config.signUp === 'closed') return { door: 'closed' as const }
  return {
    door: 'open' as const,
    regions: regionsIn(context.locale),
    welcomeCredits: house.config.welcomeCredits,
  }
})

export const action = pageAction({
  guard: 'guest',
  input: signUpSchema,
  limit: { name: 'sign_up' },
  keep: ['email', 'region', 'birth_month', 'birth_year'],
  fieldErrors: {
    email: say('Type the whole address, such as mara@example.org.'),
    password: say('Choose a password.'),
    region: say('Choose where you live.'),
    birth_month: say('Choose the month of your birth.'),
    birth_year: say('Type the year of your birth, such as 1990.'),
  },
  async act({ house, context, request, input }) {
    if (wasRefused(request)) throw redirect(paths.signUp())
    try {
      assertOldEnough(input, house.clock.now())
    } catch (error) {
      if (!isAppError(error) || error.code !== 'too_young') throw error
      throw redirect(paths.signUp(), { headers: { 'Set-Cookie': refusedCookie(context) } })
    }
    // Only now, so that of a refused person not even the hash of an address was counted.
    await count(context, 'verify_mail', normalAddress(input.email))
    await signUp(house, input, context.visitor)
    throw redirect(paths.checkMail())
  },
})

export default function SignUp() {
  const { t } = useI18n()
  const page = useLoaderData<typeof loader>()
  const refused = useRefusal(useActionData<typeof action>())
  const foot = (
    <>
      {t('You have an account?')}{' '}
      <Link to={paths.signIn()} className={linkLook}>
        {t('Sign in')}
      </Link>
    </>
  )
  if (page.door === 'refused')
    return (
      <AuthPage
        title={t('We cannot make an account for you')}
        lead={t('Nothing you entered was kept. You are welcome to look around.')}
      />
    )
  if (page.door === 'closed')
    return (
      <AuthPage
        title={t('No new accounts here')}
        lead={t('This site takes no new accounts at the moment. Whoever runs it can open that door.')}
        foot={foot}
      />
    )
  return (
    <AuthPage
      title={t('Make an account')}
      lead={
        page.welcomeCredits > 0
          ? t('You begin with {amount} credits, enough for your first videos.', {
              amount: page.welcomeCredits,
            })
          : undefined
      }
      foot={foot}
    >
      <Form method="post" className="grid gap-4">
        <Refusal refused={refused} />
        <TextField
          label={t('Mail address')}
          name="email"
          type="email"
          autoComplete="email"
          defaultValue={refused.typed('email') ?? ''}
          error={refused.of('email')}
          maxLength={254}
        />
        <PasswordField
          label={t('Password')}
          name="password"
          autoComplete="new-password"
          error={refused.of('password')}
          help={t('At least 8 characters. A few words together are easy to remember.')}
        />
        <RegionField regions={page.regions} refused={refused} />
        <BirthFields refused={refused} />
        <SubmitButton wide size="lg">
          {t('Make an account')}
        </SubmitButton>
      </Form>
      <Callout>{t('We mail you a link to confirm the address. Then you can sign in.')}</Callout>
    </AuthPage>
  )
}
