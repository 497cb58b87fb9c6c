export {
  type CommandArgument,
  type CommandValues,
  longestArgument,
  parseCommandArgs,
} from './command.ts'
export { type ComponentShape, componentShapes } from './component-shapes.ts'
export { componentSummaries } from './component-summaries.ts'
export {
  type BacklogState,
  type DeliveryPage,
  type DeliveryRecord,
  type DeliveryState,
  deliveryStates,
  dismissBodySchema,
  type ReplayBody,
  type ReplayResult,
  replayBodySchema,
} from './deliveries.ts'
export type {
  Dialect,
  FailPolicy,
  GuestDeclaration,
  GuestDialect,
  GuestFilter,
  GuestHost,
  GuestRequest,
  GuestRing,
  GuestRoute,
  GuestWork,
} from './dialect.ts'
export {
  type Api,
  type CustomEventDefinition,
  type DomainDefinition,
  defineDomain,
  type EventDefinition,
  eventPermissions,
  findCustomEvent,
  findEvent,
  type MethodDefinition,
  maySeeEvent,
  methodTable,
  type NamedMethod,
  ownerOfEvent,
  type Providers,
  parseEventData,
  type RingDefinition,
  type SlotDefinition,
} from './domain.ts'
export {
  type EmailMessage,
  type EmailOverview,
  type EmailRecord,
  type EmailRequest,
  emailAddressSchema,
  emailMessageSchema,
  recipientPatternSchema,
  recipientsBodySchema,
} from './email.ts'
export {
  type EmailTemplate,
  faultOfTemplate,
  fillTemplate,
  namesOfTemplate,
  type TemplateData,
} from './email-template.ts'
export { errorMeanings, type NodeErrorCode, nodeErrorMeanings } from './error-meanings.ts'
export {
  type ErrorCode,
  type ErrorRecord,
  type ErrorSource,
  errorCodes,
  fromErrorRecord,
  type Issue,
  internalError,
  isMortiseError,
  MortiseError,
  type MortiseErrorOptions,
  toErrorRecord,
} from './errors.ts'
export {
  completeEvent,
  eventTypePattern,
  filterName,
  handlerName,
  type LifecycleEvent,
  lifecycleEventSchema,
  type PublishedEvent,
  publishedEventSchema,
} from './event.ts'
export type { FeedFrame } from './feed.ts'
export { frameworkDomain } from './framework-domain.ts'
export { frameworkSummaries } from './framework-summaries.ts'
export {
  type CallsBody,
  type CatalogPlugin,
  type CatalogTheme,
  type CommandState,
  type ContactList,
  type ContactNews,
  type ContactRecord,
  callsBodySchema,
  commandBodySchema,
  configBodySchema,
  type ErrorBody,
  grantsBodySchema,
  type HostState,
  type JobRecord,
  logLinesBodySchema,
  type PermissionState,
  type PluginRecord,
  type PluginStatus,
  type PreviousUi,
  type SecretState,
  type SharingRecord,
  type SpanReport,
  secretsBodySchema,
  spanReportSchema,
  spansBodySchema,
  type UiRecord,
} from './http.ts'
export { isPluginId, type PluginId, type SlotId } from './ids.ts'
export {
  findEntries,
  isSafePath,
  type Manifest,
  manifestSchema,
  type PluginEntries,
  parseManifest,
  picturesOf,
  pluginTypes,
  type ThemeContribution,
  themesOf,
  type WidgetContribution,
} from './manifest.ts'
export { matchesEventType } from './match-event-type.ts'
export {
  type NotificationAction,
  type NotificationMessage,
  type NotificationRecord,
  notificationMessageSchema,
  notificationRecordSchema,
  notificationType,
} from './notification.ts'
export {
  type Decision,
  type DescribedPermission,
  describePermission,
  type PermissionDefinition,
  type Risk,
} from './permission.ts'
export { formatIssues, type Result, unwrap } from './result.ts'
export { workerDocument, workerDocumentScript } from './sandbox-document.ts'
export {
  type SandboxFamily,
  type SandboxPackage,
  type SandboxPackageName,
  sandboxPackages,
} from './sandbox-packages.ts'
export { escapePointer, type Infer, type InferInput, parse, type Schema, s } from './schema.ts'
export { type ServerApi, serverDomain } from './server-domain.ts'
export {
  type EntryInspection,
  federationManifestName,
  inspectEntry,
  nothingShared,
  planSharing,
  readShareWishes,
  type ShareWish,
  type SharingPlan,
  unknownSharing,
} from './sharing.ts'
export { themeIconNames } from './theme-icons.ts'
export {
  type ThemeBranding,
  type ThemeChoice,
  type ThemeFont,
  type ThemeIcons,
  type ThemeRecord,
  type ThemeRule,
  type ThemeSheet,
  themeBodySchema,
  themeIconsQuerySchema,
  themeScopeQuerySchema,
} from './theme-record.ts'
export {
  type ComponentDefinition,
  type ComponentName,
  type ComponentProps,
  componentsByElement,
  uiComponents,
  uiLimits,
} from './ui.ts'
export { type IconName, iconNames } from './ui-values.ts'
export {
  type BatchAnswer,
  type BootMessage,
  bridgeLimits,
  type CallResult,
  type CallRun,
  type CallTuple,
  type EntryFormat,
  type FontFile,
  type HostMessage,
  type MountOrder,
  type ProbeMessage,
  type RealmMessage,
  type ThemeText,
  wireVersion,
} from './wire.ts'
