import { probeConnectionAllowlist } from '@mortise/host'
import { useEffect, useState } from 'react'

let probed: Promise<boolean> | undefined

/** Whether this browser keeps frames from connecting elsewhere. `undefined` until it is known; asked once a page. */
export function useConnectionAllowlist(needed: boolean): boolean | undefined {
  const [enforced, setEnforced] = useState<boolean>()
  useEffect(() => {
    if (!needed) return
    probed ??= probeConnectionAllowlist()
    let shown = true
    void probed.then((answer) => shown && setEnforced(answer))
    return () => {
      shown = false
    }
  }, [needed])
  return enforced
}
