import type { RealmOptions } from '@mortise/sdk/boot'
import reactPackage from 'react/package.json' with { type: 'json' }
import ownPackage from '../../package.json' with { type: 'json' }

type Shared = NonNullable<RealmOptions['shared']>
type Load = () => Promise<unknown>

/**
 * What plugins of a realm share instead of bringing their own. Each is loaded
 * when the first plugin asks for it, after `prepare`.
 */
export function sharedModules(prepare: Load = async () => {}): Shared {
  const react = (load: Load) => ({ version: reactPackage.version, load })
  const own = (load: Load) => ({ version: ownPackage.version, load })
  // react-dom looks for a document while it loads.
  const prepared = (load: Load) => async () => {
    await prepare()
    return load()
  }
  return {
    react: react(() => import('react')),
    'react/jsx-runtime': react(() => import('react/jsx-runtime')),
    'react/jsx-dev-runtime': react(() => import('react/jsx-dev-runtime')),
    'react-dom': react(prepared(() => import('react-dom'))),
    'react-dom/client': react(prepared(() => import('react-dom/client'))),
    '@mortise/react': own(prepared(() => import('../index.ts'))),
    '@mortise/sdk': own(() => import('@mortise/sdk')),
  }
}
