import { useLoaderData, useRouteLoaderData } from '@remix-run/react'
import Bookmark from 'lucide-react/icons/bookmark'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Clapperboard from 'lucide-react/icons/clapperboard'
import { titled } from '#app/components/account/titled.ts'
import { CreationGrid } from '#app/components/studio/CreationGrid.tsx'
import { useLiveList } from '#app/components/studio/Live.tsx'
import { LinkButton } from '#app/components/ui/Button.tsx'
import { Icon } from '#app/components/ui/Icon.tsx'
import { EmptyState } from '#app/components/ui/Panel.tsx'
import { TabLinks } from '#app/components/ui/Tabs.tsx'
import { pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { pageOfCreations } from '#app/studio/creations/creations.ts'
import { say } from '#core/i18n/say.ts'
import type { loader as layoutLoader } from './layout.tsx'
import { galleryKeys } from './pages.ts'

const title = say('My creations')
export const meta = titled(title)
export const handle = { mood: 'dark' as const, title, keys: galleryKeys?.slice(1) }

const PAGE = 24

export const loader = pageLoader('person', async ({ house, who, url }) => {
  const before = url.searchParams.get('before')
  const saved = url.searchParams.get('only') === 'saved'
  const page = await pageOfCreations(house, who.actor, { before, saved, limit: PAGE })
  return { ...page, saved, begun: before !== null, keepDays: house.config.keepUnsavedDays }
})

/** A view of this list: what is left out of the address is as it is at first. */
function view(saved: boolean, before?: string): string {
  const query = new URLSearchParams({ ...(saved ? { only: 'saved' } : {}), ...(before ? { before } : {}) })
  return query.size === 0 ? paths.creations() : `${paths.creations()}?${query}`
}

export default function Creations() {
  const { t } = useI18n()
  const { creations, older, saved, begun, keepDays } = useLoaderData<typeof loader>()
  const shell = useRouteLoaderData<typeof layoutLoader>('routes/studio/layout')
  const live = useLiveList(creations, !begun && !saved)
  const shown = saved ? live.filter((creation) => creation.saved) : live
  return (
    <>
      <TabLinks
        label={t('Which creations')}
        items={[
          { to: view(false), label: t('All'), current: !saved },
          { to: view(true), label: t('Saved'), current: saved },
        ]}
      />
      <p className="mt-3 mb-4 text-ink-3 text-sm">
        {saved
          ? t('These stay until you delete them.')
          : t('What you do not save goes after {days, plural, one {# day} other {# days}}.', {
              days: keepDays,
            })}
      </p>
      {shown.length > 0 ? (
        <CreationGrid
          label={saved ? t('Your saved creations') : t('Your creations')}
          creations={shown}
          usual={shell?.usual ?? {}}
          here={view(saved)}
        />
      ) : (
        <Empty saved={saved} begun={begun} keepDays={keepDays} />
      )}
      {(begun || older) && (
        <nav aria-label={t('Pages')} className="mt-8 flex gap-2">
          {begun && (
            <LinkButton to={view(saved)} size="sm" icon={ChevronLeft}>
              {t('Newest')}
            </LinkButton>
          )}
          {older && (
            <LinkButton to={view(saved, older)} size="sm" rel="next" prefetch="intent">
              {t('Older')}
              <Icon of={ChevronRight} />
            </LinkButton>
          )}
        </nav>
      )}
    </>
  )
}

function Empty({ saved, begun, keepDays }: { saved: boolean; begun: boolean; keepDays: number }) {
  const { t } = useI18n()
  if (begun) return <EmptyState title={t('Nothing older')}>{t('This is where your list ends.')}</EmptyState>
  if (saved)
    return (
      <EmptyState
        icon={Bookmark}
        title={t('Nothing saved yet')}
        action={<LinkButton to={view(false)}>{t('See all')}</LinkButton>}
      >
        {t(
          'Press the bookmark under a video to keep it. Others go by themselves, so nothing piles up unseen.',
        )}
      </EmptyState>
    )
  return (
    <EmptyState
      icon={Clapperboard}
      title={t('No videos yet')}
      action={
        <LinkButton to={paths.compose()} look="primary">
          {t('Make the first one')}
        </LinkButton>
      }
    >
      {t(
        'What you make is kept here for {days, plural, one {# day} other {# days}}, sealed under a key of its own. Save what should stay.',
        { days: keepDays },
      )}
    </EmptyState>
  )
}
