/** The document of one frame widget: the same components, in a page of their own. */
import '../../src/styles/index.css'
import { createRoot } from 'react-dom/client'
import { NativeWidget } from './native-widget.tsx'

const root = document.getElementById('root') as HTMLElement
new MutationObserver((_records, observer) => {
  if (!root.querySelector('button')) return
  observer.disconnect()
  parent.postMessage('drawn', '*')
}).observe(root, { childList: true, subtree: true })
createRoot(root).render(<NativeWidget index={Number(location.hash.slice(1))} />)
