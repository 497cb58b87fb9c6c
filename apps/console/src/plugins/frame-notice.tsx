import type { PluginRecord } from '@mortise/contract'
import { unconfinedKey } from '@mortise/host'
import { Button, Notice } from '@mortise/react/host'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { host } from '../state/shell.ts'

/** Says what this browser lacks to hold a plugin that runs in a frame of its own, and whether it starts all the same. */
export function FrameNotice({ plugin }: { readonly plugin: PluginRecord }) {
  const framed = plugin.ui?.surface === 'frame'
  const confines = useStore(host.store, ({ confinesFrames }) => confinesFrames)
  const allowed = useStore(host.store, ({ unconfined }) => unconfined.includes(unconfinedKey(plugin)))
  useEffect(() => {
    if (framed) void host.confinesFrames()
  }, [framed])
  if (!framed || confines !== false) return null
  const name = plugin.displayName
  const decide = () => host.allowUnconfined(plugin.id, !allowed)
  return (
    <Notice
      tone="warning"
      title="This browser does not hold frames completely"
      actions={
        plugin.status === 'active' && (
          <Button size="sm" onPress={decide}>
            {allowed ? 'Do not start it in this browser' : 'Start it in this browser anyway'}
          </Button>
        )
      }
    >
      {`${name} draws in a frame of its own. This browser does not know Connection-Allowlist, so code in a frame can send what it reads to any host over WebRTC. `}
      {allowed
        ? `You let ${name} ${plugin.version} start here all the same.`
        : 'So it does not start here unless you say so. Give it no permission you would not give a stranger, or use a browser that knows the header, such as Chromium.'}
    </Notice>
  )
}
