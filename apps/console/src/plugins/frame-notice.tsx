import type { PluginRecord } from '@mortise/contract'
import { Notice } from '@mortise/react/host'
import { useConnectionAllowlist } from '../state/browser.ts'

/** Says what this browser lacks to hold a plugin that runs in a frame of its own. */
export function FrameNotice({ plugin }: { readonly plugin: PluginRecord }) {
  const framed = plugin.ui?.surface === 'frame'
  const enforced = useConnectionAllowlist(framed)
  if (!framed || enforced !== false) return null
  return (
    <Notice tone="warning" title="This browser does not hold frames completely">
      {`${plugin.displayName} draws in a frame of its own. This browser does not know Connection-Allowlist, so code in a frame can send what it reads to any host over WebRTC. Give it no permission you would not give a stranger, or use a browser that knows it, such as Chromium.`}
    </Notice>
  )
}
