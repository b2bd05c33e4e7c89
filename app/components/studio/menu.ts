import Bookmark from 'lucide-react/icons/bookmark'
import BookmarkCheck from 'lucide-react/icons/bookmark-check'
import CircleStop from 'lucide-react/icons/circle-stop'
import Clapperboard from 'lucide-react/icons/clapperboard'
import Download from 'lucide-react/icons/download'
import PencilLine from 'lucide-react/icons/pencil-line'
import Trash2 from 'lucide-react/icons/trash-2'
import type { MenuEntry } from '#app/components/ui/Menu.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { type Creation, isMaking } from '#app/studio/creations/creation.schema.ts'
import type { Act } from './acts.tsx'

/** What a card offers beside opening and saving it. */
export function useMenuItems(
  creation: Creation,
  { onAct, onDelete }: { onAct: (act: Act) => void; onDelete: () => void },
): (MenuEntry | 'line')[] {
  const { t } = useI18n()
  const again: MenuEntry = {
    id: 'again',
    label:
      isMaking(creation) || creation.status === 'ready'
        ? t('Make another like this')
        : t('Try again with changes'),
    icon: PencilLine,
    to: paths.compose({ from: creation.id }),
  }
  const open: MenuEntry = {
    id: 'open',
    label: t('Open'),
    icon: Clapperboard,
    to: paths.creation(creation.id),
  }
  const download: MenuEntry = {
    id: 'download',
    label: t('Download'),
    icon: Download,
    // A file, so no page of ours: the browser's own navigation keeps this one.
    onAction: () => location.assign(paths.media(creation.id, 'video', true)),
  }
  const save: MenuEntry = {
    id: 'save',
    label: creation.saved ? t('Let it go after its time') : t('Save'),
    icon: creation.saved ? BookmarkCheck : Bookmark,
    onAction: () => onAct(creation.saved ? 'unsave' : 'save'),
  }
  const stop: MenuEntry = { id: 'stop', label: t('Stop'), icon: CircleStop, onAction: () => onAct('cancel') }
  const remove: MenuEntry = {
    id: 'delete',
    label: t('Delete'),
    icon: Trash2,
    danger: true,
    onAction: onDelete,
  }
  return [
    open,
    ...(creation.status === 'ready' ? [save, download] : []),
    ...(creation.cancellable ? [stop] : []),
    ...(creation.prompt ? [again] : []),
    'line',
    remove,
  ]
}
