export type { ErrorRecord, LifecycleEvent, ServerApi, ThemeState } from '@mortise/contract'
export {
  definePlugin,
  type Events,
  type Log,
  type Mortise,
  type MountWidget,
  type Permissions,
  type PluginDefinition,
  type State,
  type WidgetContext,
} from './plugin.ts'
