// The plugin of the bench, as our build makes one: 50 widgets that show the same.
let scope

export const shares = {}

export function init(given) {
  scope = given
}

export async function get() {
  const [{ createElement: h }, { Badge, Button, Stack, Text, widget }] = await Promise.all(
    ['react', '@mortise/react'].map(take),
  )
  const widgets = {}
  for (let index = 0; index < 50; index++) {
    widgets[`w${index}`] = widget(() =>
      h(
        Stack,
        { direction: 'column', gap: 'sm' },
        h(
          Stack,
          { direction: 'row', justify: 'between' },
          h(Text, { weight: 'medium' }, `Session ${index}`),
          h(Badge, { tone: 'success' }, 'running'),
        ),
        h(Text, { tone: 'muted' }, 'Ubuntu desktop'),
        h(Button, { size: 'sm', onPress() {} }, 'Hibernate'),
      ),
    )
  }
  return () => ({ default: { widgets } })
}

async function take(name) {
  const [share] = Object.values(scope[name])
  return (await share.get())()
}
