import { Text, widget } from '@mortise/react'
import { definePlugin } from '@mortise/sdk'
export default definePlugin({ widgets: { 'session-list': widget(() => <Text>Hello</Text>) } })
