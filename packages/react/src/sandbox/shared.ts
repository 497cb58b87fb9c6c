import { type SandboxPackageName, sandboxPackages } from '@mortise/contract'

const load = {
  react: () => import('react'),
  'react/jsx-runtime': () => import('react/jsx-runtime'),
  'react/jsx-dev-runtime': () => import('react/jsx-dev-runtime'),
  'react-dom': () => import('react-dom'),
  'react-dom/client': () => import('react-dom/client'),
  '@mortise/react': () => import('../index.ts'),
  '@mortise/sdk': () => import('@mortise/sdk'),
} satisfies Record<SandboxPackageName, () => Promise<unknown>>

/** What plugins of a realm share instead of bringing their own. Each is loaded when the first plugin asks for it. */
export const sharedModules = Object.fromEntries(
  Object.entries(sandboxPackages).map(([name, { version }]) => [
    name,
    { version, load: load[name as SandboxPackageName] },
  ]),
)
