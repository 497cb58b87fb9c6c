// A federation container without a build: what the vite plugin makes, in its smallest form.
let scope
let react
let mortise

export function init(shared) {
  scope = shared
}

export async function get() {
  react = await take('react')
  mortise = await take('@mortise/react')
  return () => ({ default: { widgets: { main: mortise.widget(Main) } } })
}

function Main() {
  const h = react.createElement
  const [count, setCount] = react.useState(0)
  const [text, setText] = react.useState('')
  const { team } = mortise.useSlotContext()
  return h(
    mortise.Stack,
    { gap: 'md' },
    h(mortise.Text, { tone: 'muted' }, `${team} ${count} ${text}`),
    h(mortise.Button, { onPress: () => setCount(count + 1) }, 'Add'),
    h(mortise.TextField, { label: 'Name', value: text, onChange: setText }),
    h(mortise.Button, { onPress: () => setCount(null) }, 'Break'),
    count === null && h(Broken),
  )
}

function Broken() {
  throw new Error('Broke on purpose.')
}

async function take(name) {
  const [shared] = Object.values(scope[name])
  return (await shared.get())()
}
