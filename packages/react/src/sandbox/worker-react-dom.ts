/** Runs after the realm in the workers of plugins that share React DOM: what they draw goes through the realm's document. */
import { bringPart } from '@mortise/sdk/boot'
import * as reactDom from 'react-dom'
import * as reactDomClient from 'react-dom/client'
import * as components from '../index.ts'
import { sharedReact } from './react.ts'
import { offer } from './shared.ts'

bringPart({
  shared: offer({
    ...sharedReact,
    'react-dom': async () => reactDom,
    'react-dom/client': async () => reactDomClient,
    '@mortise/react': async () => components,
  }),
})
