import { createContext, useContext } from 'react'
import type { Person } from '../api/plugins.ts'

/** Who is signed in. */
export const PersonContext = createContext<Person | undefined>(undefined)

/** Whether the person may install and approve. The server decides all the same: this is for what to offer. */
export function useIsAdmin(): boolean {
  return useContext(PersonContext)?.role === 'admin'
}
