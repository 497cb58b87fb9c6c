/** Runs in the sandboxed document of a frame plugin. */
import type { SandboxPackageName } from '@mortise/contract'
import { bootFrame } from '@mortise/sdk/boot'
import { offer } from './shared.ts'

// Each is loaded when the plugin asks for it.
const shared = offer({
  react: () => import('react'),
  'react/jsx-runtime': () => import('react/jsx-runtime'),
  'react/jsx-dev-runtime': () => import('react/jsx-dev-runtime'),
  'react-dom': () => import('react-dom'),
  'react-dom/client': () => import('react-dom/client'),
  '@mortise/react': () => import('../index.ts'),
  '@mortise/sdk': () => import('@mortise/sdk'),
} satisfies Record<SandboxPackageName, () => Promise<unknown>>)

void bootFrame({ shared })
