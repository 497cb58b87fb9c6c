import * as react from 'react'
import * as jsxDevRuntime from 'react/jsx-dev-runtime'
import * as jsxRuntime from 'react/jsx-runtime'

/** React itself, which draws nowhere. */
export const sharedReact = {
  react: async () => react,
  'react/jsx-runtime': async () => jsxRuntime,
  'react/jsx-dev-runtime': async () => jsxDevRuntime,
}
