import { Button, Dialog, TextField } from '@mortise/react/host'
import Copy from 'lucide-react/icons/copy'
import { toast, toastFailure } from '../state/toasts.ts'

/** Shows a secret, which cannot be read again later. */
export function SecretDialog({
  secret,
  name,
  note,
  onClose,
}: {
  readonly secret: string
  readonly name: string
  readonly note: string
  readonly onClose: () => void
}) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      toast('Secret copied')
    } catch (error) {
      toastFailure('The secret was not copied', error)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      role="alertdialog"
      title={`Secret of ${name}`}
      description="Copy it now: it is not shown again."
      footer={
        <>
          <Button icon={<Copy />} onPress={() => void copy()}>
            Copy
          </Button>
          <Button variant="primary" onPress={onClose}>
            Done
          </Button>
        </>
      }
    >
      <TextField label="Secret" description={note} mono readOnly value={secret} />
    </Dialog>
  )
}
