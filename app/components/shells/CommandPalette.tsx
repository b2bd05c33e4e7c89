import Search from 'lucide-react/icons/search'
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete'
import { Header, Menu, MenuItem, MenuSection } from 'react-aria-components/Menu'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Input, SearchField } from 'react-aria-components/SearchField'
import { Icon } from '#app/components/ui/Icon.tsx'
import { KeyHint } from '#app/components/ui/KeyHint.tsx'
import { RemixLinks } from '#app/components/ui/RemixLinks.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Command } from './commands.ts'

/** Every page and action by its name. */
export default function CommandPalette(props: {
  commands: readonly Command[]
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useI18n()
  const { contains } = useFilter({ sensitivity: 'base' })
  const close = () => props.onOpenChange(false)
  const groups = grouped(props.commands, t('Go to'))
  // Each word typed has to be found somewhere in the command's own.
  const matches = (text: string, typed: string) => typed.split(/\s+/).every((word) => contains(text, word))
  return (
    <ModalOverlay
      isDismissable
      isOpen={props.open}
      onOpenChange={props.onOpenChange}
      className="veils fixed inset-0 z-40 grid items-start justify-items-center bg-veil px-4 pt-[12vh]"
    >
      <Modal className="appears w-full max-w-[600px] overflow-hidden rounded-lg border border-line bg-surface shadow-lift">
        <Dialog aria-label={t('Search pages and actions')} className="outline-none">
          <Autocomplete filter={matches}>
            <SearchField
              aria-label={t('Search pages and actions')}
              autoFocus
              className="flex items-center gap-3 border-line border-b px-4"
            >
              <Icon of={Search} size={18} className="text-ink-3" />
              <Input
                placeholder={t('Search pages and actions')}
                className="control h-13 w-full bg-transparent text-md outline-none [&::-webkit-search-cancel-button]:hidden"
              />
            </SearchField>
            <RemixLinks>
              <Menu
                aria-label={t('Found')}
                onAction={close}
                renderEmptyState={() => (
                  <p className="p-6 text-center text-ink-3 text-sm">{t('Nothing goes by that name')}</p>
                )}
                className="max-h-[min(420px,56vh)] overflow-y-auto p-2 outline-none"
              >
                {[...groups].map(([group, commands]) => (
                  <MenuSection key={group} id={group} className="pb-1">
                    <Header className="px-2.5 pt-2 pb-1 font-medium text-ink-3 text-xs">{group}</Header>
                    {commands.map((command) => (
                      <MenuItem
                        key={command.id}
                        id={command.id}
                        textValue={[command.label, command.words, group].filter(Boolean).join(' ')}
                        {...(command.to ? { href: command.to } : {})}
                        {...(command.onAction ? { onAction: command.onAction } : {})}
                        className="flex h-9 cursor-pointer items-center gap-3 rounded-sm px-2.5 text-sm outline-none data-[focused]:bg-accent-soft"
                      >
                        {command.icon && <Icon of={command.icon} size={17} className="text-ink-3" />}
                        <span className="mr-auto">{command.label}</span>
                        {command.keys && (
                          <span className="text-ink-3">
                            <KeyHint keys={command.keys} />
                          </span>
                        )}
                      </MenuItem>
                    ))}
                  </MenuSection>
                ))}
              </Menu>
            </RemixLinks>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function grouped(commands: readonly Command[], others: string): Map<string, Command[]> {
  const groups = new Map<string, Command[]>()
  for (const command of commands) {
    const group = command.group ?? others
    groups.set(group, [...(groups.get(group) ?? []), command])
  }
  return groups
}
