import { Button, Notice, Stack, Text, usePermission } from '@mortise/react'

const reasons = {
  'read:sessions': 'Without it the list stays empty.',
  'write:sessions': 'Needed to hibernate and wake sessions from the list.',
} as const

interface FailureProps {
  readonly error: unknown
  /** What the failed call needs. */
  readonly permission: keyof typeof reasons
  readonly onRetry: () => void
}

/** Says what went wrong and offers the way out: asking for the permission, or trying again. */
export function Failure({ error, permission, onRetry }: FailureProps) {
  const { granted, request } = usePermission(permission)
  const { code, message } = error as { code?: string; message?: string }

  if (code !== 'PERMISSION_DENIED') {
    return (
      <Notice tone="danger" title="That did not work">
        <Stack direction="column" gap="sm" align="start">
          <Text>{message ?? 'The reason is not known.'}</Text>
          <Button size="sm" onPress={onRetry}>
            Try again
          </Button>
        </Stack>
      </Notice>
    )
  }
  if (granted) return null
  return (
    <Notice tone="warning" title={`Permission needed: ${permission}`}>
      <Stack direction="column" gap="sm" align="start">
        <Text>{reasons[permission]}</Text>
        <Button
          size="sm"
          variant="primary"
          onPress={async () => {
            if (await request(reasons[permission])) onRetry()
          }}
        >
          Request permission
        </Button>
      </Stack>
    </Notice>
  )
}
