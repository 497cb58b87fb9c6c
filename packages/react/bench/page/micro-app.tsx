/** What one application of qiankun is: the same widget, with React and the components of its own. */
import { createRoot, type Root } from 'react-dom/client'
import { NativeWidget } from './native-widget.tsx'

interface Given {
  readonly container: HTMLElement
  readonly index: number
}

let root: Root | undefined

Object.assign(window, {
  microApp: {
    async bootstrap() {},
    async mount({ container, index }: Given) {
      root = createRoot(container.querySelector('.root')!)
      root.render(<NativeWidget index={index} />)
    },
    async unmount() {
      root?.unmount()
    },
  },
})
