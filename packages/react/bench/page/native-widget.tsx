import { remoteComponents } from '../../src/host/remote-components.tsx'

const { Badge, Button, Stack, Text } = remoteComponents as Required<typeof remoteComponents>

/** What every widget of the bench shows, drawn by the host's components without a plugin in between. */
export function NativeWidget({ index }: { readonly index: number }) {
  return (
    <Stack direction="column" gap="sm">
      <Stack direction="row" justify="between">
        <Text weight="medium">{`Session ${index}`}</Text>
        <Badge tone="success">running</Badge>
      </Stack>
      <Text tone="muted">Ubuntu desktop</Text>
      <Button size="sm" onPress={() => {}}>
        Hibernate
      </Button>
    </Stack>
  )
}
