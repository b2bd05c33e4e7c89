import { useFetcher, useFetchers } from '@remix-run/react'
import Bookmark from 'lucide-react/icons/bookmark'
import BookmarkCheck from 'lucide-react/icons/bookmark-check'
import { useEffect, useRef } from 'react'
import type { Arrived } from '#app/components/account/answers.tsx'
import { Button, IconButton } from '#app/components/ui/Button.tsx'
import { ConfirmDialog } from '#app/components/ui/Dialog.tsx'
import { useHydrated } from '#app/components/ui/hydrated.ts'
import { useToaster } from '#app/components/ui/Toast.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { type Creation, isMaking } from '#app/studio/creations/creation.schema.ts'

/** What its owner can do with a creation. They are posted to its own page. */
export type Act = 'save' | 'unsave' | 'delete' | 'cancel'

const keyOf = (id: string) => `creation ${id}`

/** Posts acts of one creation and shows them as done at once. What is refused comes back, with the reason in a message. */
export function useCreationActs(creation: Pick<Creation, 'id' | 'saved'>) {
  const fetcher = useFetcher<Arrived>({ key: keyOf(creation.id) })
  const { t } = useI18n()
  const toaster = useToaster()
  const told = useRef(fetcher.data)
  useEffect(() => {
    if (fetcher.data === told.current) return
    told.current = fetcher.data
    if (fetcher.data && !fetcher.data.ok)
      toaster.show({ title: t(fetcher.data.refusal.sentence), tone: 'bad' })
  }, [fetcher.data, toaster, t])
  const asked = fetcher.formData?.get('intent')
  return {
    fetcher,
    act: (intent: Act) => fetcher.submit({ intent }, { method: 'post', action: paths.creation(creation.id) }),
    saved: asked === 'save' || (asked !== 'unsave' && creation.saved),
    stopping: asked === 'cancel',
  }
}

/** The ids of what is being deleted at this moment, so that it leaves the page at once. */
export function useLeaving(): ReadonlySet<string> {
  const leaving = useFetchers().filter(({ formData }) => formData?.get('intent') === 'delete')
  return new Set(leaving.map(({ formAction }) => formAction?.split('/').at(-1) ?? ''))
}

export function SaveButton(props: { creation: Creation; words?: boolean; returnTo: string }) {
  const { creation, words, returnTo } = props
  const { t } = useI18n()
  const { fetcher, saved } = useCreationActs(creation)
  const label = saved ? t('Saved. Let it go after its time') : t('Save')
  return (
    <fetcher.Form method="post" action={paths.creation(creation.id)} className="flex">
      <input type="hidden" name="intent" value={saved ? 'unsave' : 'save'} />
      <ReturnTo to={returnTo} />
      {words ? (
        <Button type="submit" icon={saved ? BookmarkCheck : Bookmark}>
          {saved ? t('Saved') : t('Save')}
        </Button>
      ) : (
        <IconButton type="submit" size="sm" icon={saved ? BookmarkCheck : Bookmark} label={label} />
      )}
    </fetcher.Form>
  )
}

/** Where a browser without scripts goes back to; with scripts the page stays as it is. */
export function ReturnTo({ to }: { to: string }) {
  return useHydrated() ? null : <input type="hidden" name="returnTo" value={to} />
}

/** Says what is lost, and asks. */
export function DeleteDialog(props: {
  creation: Creation | undefined
  onClose: () => void
  /** Where to go afterwards, for a page that would have nothing left to show. */
  leaveTo?: string
  onDelete?: (creation: Creation) => void
}) {
  const { creation, onClose, leaveTo, onDelete } = props
  const { t } = useI18n()
  return (
    <ConfirmDialog
      title={t('Delete this video?')}
      verb={t('Delete')}
      open={creation !== undefined}
      onOpenChange={(open) => !open && onClose()}
      {...(creation && leaveTo
        ? { action: paths.creation(creation.id), fields: { intent: 'delete', returnTo: leaveTo } }
        : {})}
      {...(creation && onDelete ? { onConfirm: () => onDelete(creation) } : {})}
    >
      {creation && <WhatIsLost creation={creation} />}
    </ConfirmDialog>
  )
}

export function WhatIsLost({ creation }: { creation: Creation }) {
  const { t } = useI18n()
  if (isMaking(creation))
    return (
      <p>
        {creation.price > 0
          ? t('It is stopped, its prompt is gone for good, and your credits come back.')
          : t('It is stopped, and its prompt is gone for good.')}
      </p>
    )
  if (creation.status !== 'ready')
    return <p>{t('Its prompt is gone for good. There is no video to lose.')}</p>
  return (
    <>
      <p>
        {t(
          'The video and its prompt are gone for good, from backups too: the key they are sealed with is destroyed.',
        )}
      </p>
      <p>{t('Files you have downloaded stay yours. What it cost is not given back.')}</p>
    </>
  )
}
