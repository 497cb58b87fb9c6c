/**
 * The least that a realm of its own for each plugin can cost: the code of realms, without the rest of the engine,
 * renders the same widgets and keeps what it rendered to itself.
 */
import { createElement as h } from 'react'
import { createRemoteRoot } from '../../src/remote/create-remote-root.ts'

const draw = (index: number) =>
  h(
    'm-stack',
    { direction: 'column', gap: 'sm' },
    h(
      'm-stack',
      { direction: 'row', justify: 'between' },
      h('m-text', { weight: 'medium' }, `Session ${index}`),
      h('m-badge', { tone: 'success' }, 'running'),
    ),
    h('m-text', { tone: 'muted' }, 'Ubuntu desktop'),
    h('m-button', { size: 'sm', onPress() {} }, 'Hibernate'),
  )

self.onmessage = ({ data, ports: [port] }: MessageEvent<{ readonly indexes: readonly number[] }>) => {
  let drawn = 0
  const root = () => createRemoteRoot(() => drawn++, console.error)
  for (const index of data.indexes) root().render(draw(index))
  port?.postMessage(drawn)
}
postMessage('ready')
