export type { ErrorRecord, LifecycleEvent, ServerApi } from '@mortise/contract'
export {
  definePlugin,
  type Events,
  type Log,
  type Mortise,
  type MountWidget,
  type Permissions,
  type PluginDefinition,
  type State,
  type ThemeState,
  type WidgetContext,
} from './plugin.ts'
