import type { Decision, DeliveryState } from '@mortise/contract'
import type { Generated } from 'kysely'
import type { ContactTables } from './contacts/tables.ts'
import type { BehindTables } from './deliveries/behind-table.ts'
import type { EmailTables } from './powers/email/tables.ts'
import type { JobTables } from './powers/jobs/tables.ts'
import type { SecretTables } from './secrets/tables.ts'
import type { WebhookTables } from './webhooks/tables.ts'

/** Rows of the backend's own tables. JSON columns hold text; booleans are 0 and 1; times are ISO 8601. */
export interface Tables
  extends WebhookTables,
    SecretTables,
    JobTables,
    EmailTables,
    ContactTables,
    BehindTables {
  mortise_event: {
    cursor: Generated<number>
    event_id: string
    event_type: string
    body: string
    /** W3C `traceparent` of what caused the event, where it was traced. */
    trace: string | null
  }
  mortise_delivery: {
    id: Generated<number>
    cursor: number
    plugin: string
    state: StoredState
    /** Tries that ended. */
    attempts: number
    /** Epoch milliseconds before which a delivery that failed is not tried again. */
    next_at: number
    last_error: string | null
    created_at: string
    updated_at: string
    /** Deliveries of one receiver with the same key are tried in the order of the log. */
    order_key: string | null
  }
  mortise_plugin: {
    id: string
    version: string
    manifest: string
    source: string
    enabled: number
    quarantined: number
    strikes: number
    /** How often in a row the plugin was quarantined. 0 once it has worked again. */
    quarantines: number
    /** Epoch milliseconds at which a quarantined plugin is tried once more. */
    retry_at: number | null
    config: string
    /** Names of handler methods and subscribed event types, as the plugin's last load showed them. */
    handlers: string
    subscriptions: string
    last_error: string | null
    installed_by: string
    installed_at: string
    updated_at: string
  }
  /** The version before the installed one. `grants` holds rows of `mortise_grant`. */
  mortise_previous: {
    plugin: string
    version: string
    manifest: string
    source: string
    config: string
    grants: string
  }
  mortise_grant: {
    plugin: string
    kind: 'permission' | 'host'
    name: string
    origin: 'manifest' | 'config'
    decision: Decision
    decided_by: string | null
    decided_at: string | null
  }
  mortise_plugin_value: { plugin: string; key: string; value: string; size: number }
  mortise_user_session: { id_hash: string; user: string; expires_at: number }
  mortise_user_theme: { user: string; value: string }
}

/** A delivery that is under way is `pending` in the table: whether it was tried is known when it ends. */
export type StoredState = Exclude<DeliveryState, 'running'>
