import { lazy } from 'react'

/** The form's library is large, and only needed by who configures a plugin: it arrives then. */
export const ConfigForm = lazy(async () => ({ default: (await import('./config-form.tsx')).ConfigForm }))
