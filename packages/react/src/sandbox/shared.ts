import { type SandboxPackageName, sandboxPackages } from '@mortise/contract'
import type { SharedModule } from '@mortise/sdk/boot'

type Loaders = Partial<Record<SandboxPackageName, () => Promise<unknown>>>

/** Modules that plugins of a realm share instead of bringing their own, with the versions of the table. */
export function offer(loaders: Loaders): Readonly<Record<string, SharedModule>> {
  return Object.fromEntries(
    Object.entries(loaders).map(([name, load]) => [
      name,
      { version: sandboxPackages[name as SandboxPackageName].version, load },
    ]),
  )
}
