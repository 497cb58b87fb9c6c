/**
 * A window that a plugin opens above the page.
 *
 * It answers a person's press inside the widget and nothing else, it is headed
 * with the plugin's tile and name as its frame is, and it lies below everything
 * of the host: a plugin can neither surprise with it, nor pass for the host, nor
 * cover a question of the host's.
 */
import { useEffect, useState } from 'react'
import { Dialog, hasOpenDialog } from '../components/dialog.tsx'
import { PluginIcon } from '../components/plugin-icon.tsx'
import type { Remote } from './remote-props.ts'
import { useOwner } from './widget-owner.ts'

export function RemoteDialog({
  open = false,
  title,
  description,
  size,
  onClose,
  children,
}: Remote<'Dialog'>) {
  const owner = useOwner()
  const [shown, setShown] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once each time the plugin opens it
  useEffect(() => {
    if (!open) return setShown(false)
    if (!hasOpenDialog() && owner?.takePress()) setShown(true)
    else if (!shown) onClose?.()
  }, [open])
  if (!owner) return null
  const close = () => {
    owner.forgetPress()
    setShown(false)
    onClose?.()
  }
  return (
    <Dialog
      open={open && shown}
      onOpenChange={(next) => !next && close()}
      size={size}
      guest
      bar={
        <>
          <PluginIcon id={owner.plugin.id} name={owner.plugin.displayName} />
          <span className="m-dialog__owner">
            <bdi>{owner.plugin.displayName}</bdi>
            <span className="m-dialog__owner-widget">
              <bdi>{owner.title}</bdi>
            </span>
          </span>
        </>
      }
      title={title ?? owner.title}
      description={description}
    >
      <div className="m-w-stack m-w-gap-md">{children}</div>
    </Dialog>
  )
}
