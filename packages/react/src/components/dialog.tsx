import { builtInScope } from '@mortise/host'
import X from 'lucide-react/icons/x'
import { type ReactNode, useEffect } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button, IconButton } from './button.tsx'
import { classes } from './classes.ts'
import { ScopeName, useScopeAttributes } from './scope-name.ts'

export interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: ReactNode
  readonly description?: ReactNode
  /** Widths of 400, 560 and 760 pixels; `md` by default. */
  readonly size?: 'sm' | 'md' | 'lg' | undefined
  /** `end` slides in as a panel at the end of the line. */
  readonly placement?: 'center' | 'end'
  /** Buttons, the primary one last. */
  readonly footer?: ReactNode
  /** Drawn at the start of the footer line. */
  readonly footerNote?: ReactNode
  /** `alertdialog` for questions that must be answered: a press outside does not close it. */
  readonly role?: 'dialog' | 'alertdialog'
  /** Drawn above the title, across the window. */
  readonly bar?: ReactNode
  /** Opened by a plugin: lies below every window of the host. */
  readonly guest?: boolean
  readonly children?: ReactNode
}

let openDialogs = 0

/** Whether the host has a window open. */
export function hasOpenDialog(): boolean {
  return openDialogs > 0
}

/** A window above the page that keeps focus until it is closed. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, size = 'md', placement = 'center', role = 'dialog' } = props
  const { bar, guest = false, footer, footerNote, children } = props
  useEffect(() => {
    if (!open || guest) return
    openDialogs++
    return () => void openDialogs--
  }, [open, guest])
  const scope = useScopeAttributes()
  const closeButton = <IconButton label="Close" size="sm" icon={<X />} onPress={() => onOpenChange(false)} />
  return (
    <ModalOverlay
      className={classes('m-overlay', `m-overlay--${placement}`, guest && 'm-overlay--guest')}
      isOpen={open}
      onOpenChange={onOpenChange}
      isDismissable={role === 'dialog'}
      {...scope}
    >
      <Modal className={classes('m-dialog-box', `m-dialog-box--${size}`)}>
        <AriaDialog className="m-dialog" role={role}>
          {bar && (
            <div className="m-dialog__bar">
              {bar}
              {closeButton}
            </div>
          )}
          <header className="m-dialog__header">
            <div className="m-dialog__titles">
              <Heading slot="title" level={2} className="m-dialog__title">
                {title}
              </Heading>
              {description && <div className="m-dialog__description">{description}</div>}
            </div>
            {!bar && closeButton}
          </header>
          {children && <div className="m-dialog__body">{children}</div>}
          {(footer || footerNote) && (
            <footer className="m-dialog__footer">
              {footerNote && <div className="m-dialog__note">{footerNote}</div>}
              <div className="m-dialog__actions">{footer}</div>
            </footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

export interface ConfirmDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: ReactNode
  /** What happens, to what, and whether it can be undone. */
  readonly description?: ReactNode
  /** Says what the button does: "Uninstall Slack", never "OK". */
  readonly confirmLabel: string
  readonly cancelLabel?: string
  readonly tone?: 'default' | 'danger'
  readonly loading?: boolean
  readonly onConfirm: () => void
  readonly children?: ReactNode
}

/** Asks before doing something that is hard to take back, in the built-in theme. The safe answer has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { tone = 'default', cancelLabel = 'Cancel', confirmLabel, loading = false, onConfirm } = props
  return (
    <ScopeName value={builtInScope}>
      <Dialog
        open={props.open}
        onOpenChange={props.onOpenChange}
        title={props.title}
        description={props.description}
        size="sm"
        role="alertdialog"
        footer={
          <>
            <Button autoFocus disabled={loading} onPress={() => props.onOpenChange(false)}>
              {cancelLabel}
            </Button>
            <Button variant={tone === 'danger' ? 'danger' : 'primary'} loading={loading} onPress={onConfirm}>
              {confirmLabel}
            </Button>
          </>
        }
      >
        {props.children}
      </Dialog>
    </ScopeName>
  )
}
