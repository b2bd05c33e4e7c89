import { Form, Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { Button } from '#app/components/ui/Button.tsx'
import { FieldScope } from '#app/components/ui/Field.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'

/** What a list is narrowed by. It is in the address, so a narrowed list can be kept and sent. */
export function Filters({ to, narrowed, children }: { to: string; narrowed: boolean; children: ReactNode }) {
  const { t } = useI18n()
  return (
    <FieldScope value="filter">
      <Form method="get" action={to} className="mb-4 grid items-end gap-3 sm:flex sm:flex-wrap">
        {children}
        <div className="flex items-center gap-3">
          <Button type="submit">{t('Filter')}</Button>
          {narrowed && (
            <Link to={to} className="text-accent text-sm hover:underline">
              {t('Show all')}
            </Link>
          )}
        </div>
      </Form>
    </FieldScope>
  )
}

/** One choice among the filters; nothing chosen is any. */
export function FilterChoice(props: {
  label: string
  name: string
  value: string | null | undefined
  options: readonly { value: string; label: string }[]
  wide?: boolean
}) {
  const { t } = useI18n()
  const { label, name, value, options, wide = false } = props
  return (
    <div className={wide ? 'sm:w-60' : 'sm:w-44'}>
      <Select
        label={label}
        name={name}
        optional
        defaultValue={value ?? ''}
        options={[{ value: '', label: t('any') }, ...options]}
      />
    </div>
  )
}
