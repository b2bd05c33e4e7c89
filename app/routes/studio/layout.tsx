import { Outlet, useLoaderData, useMatches, useNavigate, useSubmit } from '@remix-run/react'
import Images from 'lucide-react/icons/images'
import LayoutDashboard from 'lucide-react/icons/layout-dashboard'
import LogOut from 'lucide-react/icons/log-out'
import SquarePen from 'lucide-react/icons/square-pen'
import UserRound from 'lucide-react/icons/user-round'
import { isStaff } from '#app/accounts/permissions.ts'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { StudioShell } from '#app/components/shells/StudioShell.tsx'
import { LiveProvider, useEnded, useLiveCounts } from '#app/components/studio/Live.tsx'
import { useToaster } from '#app/components/ui/Toast.tsx'
import { pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { useRootData } from '#app/root.tsx'
import { queueOf, usualTimes } from '#app/studio/creations/creations.ts'
import type { StudioHandle } from './pages.ts'

export const handle = { mood: 'dark' as const }

export const loader = pageLoader('person', async ({ house, who }) => {
  const at = house.clock.now()
  const [{ available }, queue, usual] = await Promise.all([
    balanceOf(house.db.read, who.subject.id),
    queueOf(house, who.actor),
    usualTimes(house),
  ])
  return {
    person: who.subject.id,
    staff: isStaff(who.subject.role),
    credits: { available, at },
    queue,
    usual,
  }
})

export default function Studio() {
  const { person } = useLoaderData<typeof loader>()
  return (
    <LiveProvider address={paths.events()} person={person}>
      <Frame />
    </LiveProvider>
  )
}

function Frame() {
  const { t } = useI18n()
  const { staff, credits, queue } = useLoaderData<typeof loader>()
  const counts = useLiveCounts({ queue, credits })
  const submit = useSubmit()
  const page = useMatches().at(-1)?.handle as StudioHandle | undefined
  const nav = [
    { to: paths.compose(), label: t('Compose'), icon: SquarePen },
    { to: paths.creations(), label: t('Creations'), icon: Images },
    { to: paths.account(), label: t('Account'), icon: UserRound },
    ...(staff ? [{ to: paths.console(), label: t('Console'), icon: LayoutDashboard }] : []),
  ]
  return (
    <StudioShell
      siteName={useRootData()?.site.name ?? ''}
      home={paths.compose()}
      title={page ? t(page.title) : ''}
      nav={nav}
      queue={{ ...counts.queue, to: paths.creations() }}
      credits={{ amount: counts.credits, to: paths.credits() }}
      keys={page?.keys?.map(({ keys, does }) => ({ keys, does: t(does) })) ?? []}
      commands={[
        ...nav.map((item) => ({ id: item.to, group: t('Places'), ...item })),
        { id: 'credits', group: t('Account'), label: t('Credits'), to: paths.credits() },
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
      <Announcer />
    </StudioShell>
  )
}

/** Long work tells when it is done, wherever in the studio its owner is by then. */
function Announcer() {
  const { t } = useI18n()
  const toaster = useToaster()
  const navigate = useNavigate()
  const here = useMatches().at(-1)?.pathname
  useEnded((creation) => {
    const address = paths.creation(creation.id)
    if (here === address) return
    if (creation.status === 'ready')
      toaster.show({
        tone: 'good',
        title: t('Your video is ready'),
        action: { label: t('Watch'), onPress: () => navigate(address) },
      })
    else if (creation.reason) toaster.show({ tone: 'bad', title: t(creation.reason) })
  })
  return null
}
