import type { Session, Template, User } from '@mortise/domains/streamspace'
import type { Selectable } from 'kysely'
import type { WorkspaceTables } from './tables.ts'

export function toSession(row: Selectable<WorkspaceTables['workspace_session']>): Session {
  return {
    id: row.id,
    name: row.name,
    user: row.user,
    template: row.template,
    state: row.state,
    resources: { memory: row.memory, cpu: row.cpu },
    persistentHome: row.persistent_home === 1,
    idleTimeout: row.idle_timeout,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.last_activity === null ? {} : { lastActivity: row.last_activity }),
  }
}

export function toUser(row: Selectable<WorkspaceTables['workspace_user']>): User {
  return {
    id: row.id,
    username: row.username,
    fullName: row.full_name,
    email: row.email,
    tier: row.tier,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toTemplate(row: Selectable<WorkspaceTables['workspace_template']>): Template {
  return {
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    category: row.category,
    baseImage: row.base_image,
    defaultResources: { memory: row.memory, cpu: row.cpu },
    tags: JSON.parse(row.tags),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
