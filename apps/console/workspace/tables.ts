/** Rows of the reference workspace. Times are ISO 8601, tags are JSON. */
export interface WorkspaceTables {
  workspace_session: {
    id: string
    name: string
    user: string
    template: string
    state: 'running' | 'hibernated' | 'terminated'
    memory: string
    cpu: string
    persistent_home: number
    idle_timeout: string
    created_at: string
    updated_at: string
    last_activity: string | null
  }
  workspace_user: {
    id: string
    username: string
    full_name: string
    email: string
    tier: 'free' | 'pro' | 'enterprise'
    created_at: string
    updated_at: string
  }
  workspace_template: {
    name: string
    display_name: string
    description: string
    category: string
    base_image: string
    memory: string
    cpu: string
    tags: string
    created_at: string
    updated_at: string
  }
}
