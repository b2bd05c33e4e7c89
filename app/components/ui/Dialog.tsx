import { Form } from '@remix-run/react'
import X from 'lucide-react/icons/x'
import { type ReactElement, type ReactNode, useId, useState } from 'react'
import {
  Dialog as AriaDialog,
  DialogTrigger,
  Heading,
  Modal,
  ModalOverlay,
} from 'react-aria-components/Modal'
import { useI18n } from '#app/i18n/I18n.tsx'
import { Button, IconButton } from './Button.tsx'
import { classes } from './classes.ts'
import { TextField } from './TextField.tsx'

export interface DialogProps {
  title: string
  /** What opens it: a `Button`. Leave it out and steer with `open`. */
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  size?: 'sm' | 'md' | 'lg'
  children: ReactNode | ((dialog: { close: () => void }) => ReactNode)
}

const widths = { sm: 'max-w-[420px]', md: 'max-w-[560px]', lg: 'max-w-[880px]' }

/** Over the page until it is closed. Keeps the focus, and gives it back to what opened it. */
export function Dialog(props: DialogProps) {
  const { trigger, open, onOpenChange } = props
  const steering = {
    ...(open === undefined ? {} : { isOpen: open }),
    ...(onOpenChange ? { onOpenChange } : {}),
  }
  if (!trigger) return <DialogBox {...props} steering={steering} />
  return (
    <DialogTrigger {...steering}>
      {trigger}
      <DialogBox {...props} steering={{}} />
    </DialogTrigger>
  )
}

function DialogBox(
  props: DialogProps & { steering: { isOpen?: boolean; onOpenChange?: (open: boolean) => void } },
) {
  const { title, size = 'md', children, steering } = props
  const { t } = useI18n()
  return (
    <ModalOverlay
      {...steering}
      isDismissable
      className="veils fixed inset-0 z-40 grid items-end justify-items-center overflow-y-auto bg-veil sm:items-center sm:p-6"
    >
      <Modal
        className={classes(
          'appears w-full rounded-t-lg border border-line bg-surface shadow-lift sm:rounded-lg',
          widths[size],
        )}
      >
        <AriaDialog className="outline-none">
          {({ close }) => (
            <>
              <header className="flex items-start gap-4 px-5 pt-4 pb-1">
                <Heading slot="title" className="mr-auto pt-1 font-bold text-lg">
                  {title}
                </Heading>
                <IconButton icon={X} label={t('Close')} size="sm" onPress={close} />
              </header>
              <div className="px-5 pt-1 pb-5 text-sm">
                {typeof children === 'function' ? children({ close }) : children}
              </div>
            </>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>
}

export interface ConfirmDialogProps {
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  title: string
  /** What will be lost, and what will not. */
  children: ReactNode
  /** The verb on the button. */
  verb: string
  /** Has to be typed before the button works, for what cannot be undone. */
  typed?: string
  danger?: boolean
  /** Where the form posts; `fields` go with it, and `confirm` with what was typed. */
  action?: string
  fields?: Readonly<Record<string, string>>
  /** Instead of a post. */
  onConfirm?: () => void
}

/** Asks once more. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, trigger, open, onOpenChange } = props
  return (
    <Dialog
      title={title}
      size="sm"
      {...(trigger ? { trigger } : {})}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange } : {})}
    >
      {({ close }) => <ConfirmForm {...props} close={close} />}
    </Dialog>
  )
}

function ConfirmForm(props: ConfirmDialogProps & { close: () => void }) {
  const { children, verb, typed, danger = true, action, fields = {}, onConfirm, close } = props
  const { t } = useI18n()
  const [text, setText] = useState('')
  const form = useId()
  const ready = typed === undefined || text.trim() === typed
  return (
    <Form
      id={form}
      method="post"
      {...(action ? { action } : {})}
      onSubmit={(event) => {
        if (onConfirm || !ready) event.preventDefault()
        if (!ready) return
        onConfirm?.()
        close()
      }}
      className="grid gap-4"
    >
      <div className="grid gap-2 text-ink-2">{children}</div>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {typed !== undefined && (
        <TextField
          label={t('Type {word} to go on', { word: typed })}
          name="confirm"
          value={text}
          onChange={setText}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      <DialogActions>
        <Button onPress={close}>{t('Cancel')}</Button>
        <Button type="submit" look={danger ? 'danger' : 'primary'} disabled={!ready}>
          {verb}
        </Button>
      </DialogActions>
    </Form>
  )
}
