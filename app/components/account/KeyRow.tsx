import { Form } from '@remix-run/react'
import { Button } from '#app/components/ui/Button.tsx'
import { ListRow } from '#app/components/ui/Panel.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'

export interface KeyRowProps {
  id: string
  name: string
  prefix: string
  scopes: readonly string[]
  createdAt: number
  lastUsedAt: number | null
  expiresAt: number | null
  state: 'works' | 'ended' | 'revoked'
}

/** One key of a person: how to know it again, what it did last, and the way to end it, which works without scripts. */
export function KeyRow({ of: key }: { of: KeyRowProps }) {
  const { t } = useI18n()
  const writes = key.scopes.includes('generations:write')
  return (
    <ListRow
      title={
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 break-words font-semibold">{key.name}</span>
          <code className="font-mono text-ink-3 text-xs">{key.prefix}…</code>
          {key.state === 'revoked' && <Tag tone="bad">{t('revoked')}</Tag>}
          {key.state === 'ended' && <Tag tone="warn">{t('ended')}</Tag>}
        </p>
      }
      note={
        <p className="flex flex-wrap gap-x-3">
          <span>{writes ? t('makes and sees videos') : t('only sees videos')}</span>
          <span>
            {key.lastUsedAt === null ? (
              t('never used')
            ) : (
              <>
                {t('last used')} <Time ms={key.lastUsedAt} show="relative" />
              </>
            )}
          </span>
          {key.state === 'works' && key.expiresAt !== null && (
            <span>
              {t('ends')} <Time ms={key.expiresAt} style="medium" />
            </span>
          )}
        </p>
      }
      end={key.state === 'works' ? <Revoke id={key.id} name={key.name} /> : undefined}
    />
  )
}

function Revoke({ id, name }: { id: string; name: string }) {
  const { t } = useI18n()
  return (
    <details className="group relative">
      <summary
        aria-label={t('Revoke {name}', { name })}
        className="list-none rounded-sm px-2 py-1 text-ink-2 text-sm hover:bg-sunken hover:text-ink"
      >
        {t('Revoke')}
      </summary>
      <Form
        method="post"
        className="absolute top-full right-0 z-10 mt-1 grid w-64 gap-3 rounded-md border border-line bg-surface p-3 shadow-lift"
      >
        <input type="hidden" name="intent" value="revoke" />
        <input type="hidden" name="key" value={id} />
        <p className="text-ink-2">{t('Programs that use it stop at once. This cannot be undone.')}</p>
        <Button type="submit" look="danger" size="sm">
          {t('Revoke the key')}
        </Button>
      </Form>
    </details>
  )
}
