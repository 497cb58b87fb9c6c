import type { StreamspaceApi } from '@mortise/domains/streamspace'
import { widget } from '@mortise/react'
import { definePlugin } from '@mortise/sdk'
import { SessionList } from './session-list.tsx'

export default definePlugin<StreamspaceApi>({
  widgets: { 'session-list': widget(SessionList) },
})
