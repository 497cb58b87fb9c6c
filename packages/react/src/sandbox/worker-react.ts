/** Runs after the realm in the workers of plugins that share React or the components. */
import { bringPart } from '@mortise/sdk/boot'
import * as react from 'react'
import * as jsxDevRuntime from 'react/jsx-dev-runtime'
import * as jsxRuntime from 'react/jsx-runtime'
import * as reactDom from 'react-dom'
import * as reactDomClient from 'react-dom/client'
import * as components from '../index.ts'
import { offer } from './shared.ts'

bringPart({
  shared: offer({
    react: async () => react,
    'react/jsx-runtime': async () => jsxRuntime,
    'react/jsx-dev-runtime': async () => jsxDevRuntime,
    'react-dom': async () => reactDom,
    'react-dom/client': async () => reactDomClient,
    '@mortise/react': async () => components,
  }),
})
