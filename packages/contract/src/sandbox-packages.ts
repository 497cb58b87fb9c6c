/** What the packages of one family have in common: they are shared together or not at all. */
export type SandboxFamily = 'react' | 'components' | 'sdk'

export interface SandboxPackage {
  readonly family: SandboxFamily
  /** The version that sandboxes of this release bring. */
  readonly version: string
}

const react = { family: 'react', version: '19.3.1' } as const

/**
 * Packages that every sandbox brings, so that plugins need not. A plugin built
 * for another version brings its own copy, which stays in its realm.
 */
export const sandboxPackages = {
  react,
  'react/jsx-runtime': react,
  'react/jsx-dev-runtime': react,
  'react-dom': react,
  'react-dom/client': react,
  '@mortise/react': { family: 'components', version: '0.1.0' },
  '@mortise/sdk': { family: 'sdk', version: '0.1.0' },
} as const satisfies Record<string, SandboxPackage>

export type SandboxPackageName = keyof typeof sandboxPackages
