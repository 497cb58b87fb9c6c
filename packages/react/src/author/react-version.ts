import { version } from 'react'

/** Whether the React of this plugin sets properties of elements and tells of uncaught errors, as it does from 19 on. */
export const isReact19 = Number.parseInt(version, 10) >= 19
