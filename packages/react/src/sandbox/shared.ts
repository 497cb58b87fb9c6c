import type { RealmOptions } from '@mortise/sdk/boot'
import reactPackage from 'react/package.json' with { type: 'json' }
import ownPackage from '../../package.json' with { type: 'json' }

type Load = () => Promise<unknown>

const react = (load: Load) => ({ version: reactPackage.version, load })
const own = (load: Load) => ({ version: ownPackage.version, load })

/** What plugins of a realm share instead of bringing their own. Each is loaded when the first plugin asks for it. */
export const sharedModules = {
  react: react(() => import('react')),
  'react/jsx-runtime': react(() => import('react/jsx-runtime')),
  'react/jsx-dev-runtime': react(() => import('react/jsx-dev-runtime')),
  'react-dom': react(() => import('react-dom')),
  'react-dom/client': react(() => import('react-dom/client')),
  '@mortise/react': own(() => import('../index.ts')),
  '@mortise/sdk': own(() => import('@mortise/sdk')),
} satisfies NonNullable<RealmOptions['shared']>
