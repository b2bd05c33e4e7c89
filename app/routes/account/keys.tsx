import { Form, useActionData, useLoaderData } from '@remix-run/react'
import KeyRound from 'lucide-react/icons/key-round'
import { keysSchema } from '#app/accounts/accounts.schema.ts'
import { createApiKey, keyLifetimeDays, listApiKeys, revokeApiKey } from '#app/accounts/api-keys.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { KeyRow } from '#app/components/account/KeyRow.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { Callout } from '#app/components/ui/Callout.tsx'
import { CopyButton } from '#app/components/ui/CopyButton.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState, List, Panel } from '#app/components/ui/Panel.tsx'
import { Segmented } from '#app/components/ui/Segmented.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { notFound, pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'
import { isId } from '#core/ids/ids.ts'

export const meta = titled(say('API keys'))

export const loader = pageLoader('person', async ({ house, who }) => {
  const now = house.clock.now()
  const keys = await listApiKeys(house, who.subject.id)
  return {
    lifetimeDays: keyLifetimeDays,
    keys: keys.map((key) => ({
      ...key,
      state:
        key.revokedAt !== null
          ? ('revoked' as const)
          : key.expiresAt !== null && key.expiresAt <= now
            ? ('ended' as const)
            : ('works' as const),
    })),
  }
})

export const action = pageAction({
  guard: 'person',
  input: keysSchema,
  limit: { name: 'make_key', identity: (_, who) => who.subject.id },
  keep: ['name', 'may'],
  fieldErrors: { name: say('Give the key a name of at most 60 characters.') },
  async act({ house, who, input }) {
    const subject = who.subject.id
    if (input.intent === 'make') {
      const { key } = await createApiKey(house, who.actor, {
        subject,
        name: input.name,
        scopes: input.may === 'read' ? ['generations:read'] : ['generations:read', 'generations:write'],
      })
      return { key, name: input.name }
    }
    if (!isId('apiKey', input.key)) throw notFound()
    await revokeApiKey(house, subject, input.key)
    return { key: undefined, name: undefined }
  },
})

export default function Keys() {
  const { t } = useI18n()
  const { keys, lifetimeDays } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = useRefusal(answer)
  const made = answer?.ok ? answer.result : undefined
  return (
    <>
      <PageTitle
        title={t('API keys')}
        lead={
          <>
            {t('For programs that make videos in your name and spend your credits.')}{' '}
            <a href={paths.apiDocument()} className="underline underline-offset-3 hover:text-ink">
              {t('What the API can do')}
            </a>
          </>
        }
      />
      <div className="grid gap-6">
        <Refusal refused={refused} />
        {made?.key && (
          <Callout tone="good" announced title={t('This is your key, shown once')}>
            <p>{t('Copy it now. We keep only what recognises it, so we cannot show it again.')}</p>
            <div className="mt-3 grid gap-2">
              <code className="select-all break-all rounded-sm border border-line bg-surface px-3 py-2 font-mono text-ink text-sm">
                {made.key}
              </code>
              <CopyButton text={made.key} label={t('Copy the key')} />
            </div>
          </Callout>
        )}
        {answer?.ok && !made?.key && (
          <Callout tone="good" announced>
            {t('The key was revoked. Nothing can use it any more.')}
          </Callout>
        )}
        <Panel title={t('Make a key')}>
          <Form method="post" className="grid gap-4 sm:max-w-[420px]" key={made?.key ?? 'form'}>
            <input type="hidden" name="intent" value="make" />
            <TextField
              label={t('Name')}
              name="name"
              maxLength={60}
              autoComplete="off"
              defaultValue={refused.typed('name') ?? ''}
              error={refused.of('name')}
              help={t('What will use it, so that you know it again.')}
            />
            <Segmented
              label={t('It may')}
              name="may"
              layout="stack"
              defaultValue={refused.typed('may') ?? 'write'}
              options={[
                { value: 'write', label: t('make and see videos') },
                { value: 'read', label: t('only see them') },
              ]}
              help={t('It ends by itself after {days} days; we write before.', { days: lifetimeDays })}
            />
            <div>
              <SubmitButton>{t('Make a key')}</SubmitButton>
            </div>
          </Form>
        </Panel>
        <section className="grid gap-3">
          <h2 className="font-bold text-md">{t('Your keys')}</h2>
          {keys.length === 0 ? (
            <EmptyState icon={KeyRound} title={t('No keys yet')}>
              {t('You need one only if a program of yours should make videos.')}
            </EmptyState>
          ) : (
            <List>
              {keys.map((key) => (
                <KeyRow key={key.id} of={key} />
              ))}
            </List>
          )}
        </section>
      </div>
    </>
  )
}
