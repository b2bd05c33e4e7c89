import { Form, Outlet, useLoaderData, useSubmit } from '@remix-run/react'
import Clapperboard from 'lucide-react/icons/clapperboard'
import Coins from 'lucide-react/icons/coins'
import Images from 'lucide-react/icons/images'
import KeyRound from 'lucide-react/icons/key-round'
import LayoutDashboard from 'lucide-react/icons/layout-dashboard'
import LogOut from 'lucide-react/icons/log-out'
import ShieldCheck from 'lucide-react/icons/shield-check'
import UserRound from 'lucide-react/icons/user-round'
import { isStaff } from '#app/accounts/permissions.ts'
import { AccountShell } from '#app/components/shells/AccountShell.tsx'
import { Button, LinkButton } from '#app/components/ui/Button.tsx'
import { pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { useRootData } from '#app/root.tsx'

export const loader = pageLoader('person', ({ who }) => ({ staff: isStaff(who.subject.role) }))

export default function Account() {
  const { t } = useI18n()
  const { staff } = useLoaderData<typeof loader>()
  const submit = useSubmit()
  const nav = [
    { to: paths.account(), label: t('Profile'), icon: UserRound, end: true },
    { to: paths.security(), label: t('Security'), icon: ShieldCheck },
    { to: paths.credits(), label: t('Credits'), icon: Coins },
    { to: paths.keys(), label: t('API keys'), icon: KeyRound },
  ]
  const places = [
    { id: 'compose', label: t('Make a video'), icon: Clapperboard, to: paths.compose() },
    { id: 'creations', label: t('Your creations'), icon: Images, to: paths.creations() },
    ...(staff ? [{ id: 'console', label: t('Console'), icon: LayoutDashboard, to: paths.console() }] : []),
  ]
  const bar = (
    <>
      {/* On phones the mark at the left leads there. */}
      <span className="hidden sm:inline">
        <LinkButton to={paths.compose()} look="plain" size="sm">
          {t('Studio')}
        </LinkButton>
      </span>
      {staff && (
        <LinkButton to={paths.console()} look="plain" size="sm">
          {t('Console')}
        </LinkButton>
      )}
      <Form method="post" action={paths.signOut()}>
        <Button type="submit" look="plain" size="sm">
          {t('Sign out')}
        </Button>
      </Form>
    </>
  )
  return (
    <AccountShell
      siteName={useRootData()?.site.name ?? ''}
      home={paths.compose()}
      nav={nav}
      bar={bar}
      commands={[
        ...nav.map(({ end: _, ...item }) => ({ id: item.to, group: t('Account'), ...item })),
        ...places.map((place) => ({ group: t('Places'), ...place })),
        {
          id: 'sign-out',
          group: t('Account'),
          label: t('Sign out'),
          icon: LogOut,
          onAction: () => submit(null, { method: 'post', action: paths.signOut() }),
        },
      ]}
    >
      <Outlet />
    </AccountShell>
  )
}
