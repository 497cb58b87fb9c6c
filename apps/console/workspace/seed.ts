import type { Kysely } from 'kysely'
import type { WorkspaceTables } from './tables.ts'

const hour = 3_600_000
const day = 24 * hour

/** Puts something to look at into an empty workspace. Times are told backwards from `now`. */
export async function seedWorkspace(database: Kysely<WorkspaceTables>, now: Date): Promise<void> {
  const any = await database.selectFrom('workspace_user').select('id').limit(1).executeTakeFirst()
  if (any) return
  const ago = (ms: number) => new Date(now.getTime() - ms).toISOString()
  await database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('workspace_user')
      .values(
        users.map(([id, username, full_name, tier, joined]) => ({
          id,
          username,
          full_name,
          email: `${username}@example.com`,
          tier,
          created_at: ago(joined * day),
          updated_at: ago(joined * day),
        })),
      )
      .execute()
    await transaction
      .insertInto('workspace_template')
      .values(
        templates.map(([name, display_name, category, base_image, memory, cpu, tags, description]) => ({
          name,
          display_name,
          description,
          category,
          base_image,
          memory,
          cpu,
          tags: JSON.stringify(tags),
          created_at: ago(240 * day),
          updated_at: ago(30 * day),
        })),
      )
      .execute()
    await transaction
      .insertInto('workspace_session')
      .values(
        sessions.map(([id, name, user, template, state, age, idle]) => {
          const made = templates.find(([candidate]) => candidate === template)
          return {
            id,
            name,
            user,
            template,
            state,
            memory: made?.[4] ?? '2Gi',
            cpu: made?.[5] ?? '500m',
            persistent_home: template === 'terminal' ? 0 : 1,
            idle_timeout: '30m',
            created_at: ago(age * hour),
            updated_at: ago(idle * hour),
            last_activity: ago(idle * hour),
          }
        }),
      )
      .execute()
  })
}

type UserSeed = readonly [
  id: string,
  username: string,
  fullName: string,
  tier: 'free' | 'pro' | 'enterprise',
  days: number,
]

const users: readonly UserSeed[] = [
  ['usr-01', 'mira', 'Mira Castellanos', 'enterprise', 212],
  ['usr-02', 'tobias', 'Tobias Lindqvist', 'pro', 180],
  ['usr-03', 'amara', 'Amara Okonkwo', 'enterprise', 164],
  ['usr-04', 'kenji', 'Kenji Watanabe', 'pro', 97],
  ['usr-05', 'lucie', 'Lucie Marchand', 'free', 41],
  ['usr-06', 'dev', 'Dev Raghunathan', 'free', 12],
]

type TemplateSeed = readonly [
  name: string,
  displayName: string,
  category: string,
  baseImage: string,
  memory: string,
  cpu: string,
  tags: readonly string[],
  description: string,
]

const templates: readonly TemplateSeed[] = [
  [
    'firefox',
    'Firefox',
    'Web Browsers',
    'mozilla/firefox:stable',
    '2Gi',
    '1000m',
    ['browser', 'web'],
    'A clean browser, gone when the session ends.',
  ],
  [
    'vscode',
    'Visual Studio Code',
    'Development',
    'codercom/code-server:latest',
    '4Gi',
    '2000m',
    ['editor', 'development'],
    'Editor, terminal and extensions, with a home that stays.',
  ],
  [
    'blender',
    'Blender',
    'Design',
    'linuxserver/blender:latest',
    '8Gi',
    '4000m',
    ['3d', 'rendering'],
    'Modeling and rendering on the machines in the rack.',
  ],
  [
    'jupyter',
    'JupyterLab',
    'Data Science',
    'jupyter/scipy-notebook:latest',
    '6Gi',
    '2000m',
    ['notebook', 'python'],
    'Notebooks with the usual scientific packages.',
  ],
  [
    'terminal',
    'Terminal',
    'Development',
    'alpine:3.22',
    '512Mi',
    '250m',
    ['shell', 'light'],
    'A shell, for a quick look at something.',
  ],
]

type SessionSeed = readonly [
  id: string,
  name: string,
  user: string,
  template: string,
  state: 'running' | 'hibernated' | 'terminated',
  ageHours: number,
  idleHours: number,
]

const sessions: readonly SessionSeed[] = [
  ['ses-7c1f', 'release-notes', 'mira', 'vscode', 'running', 1.2, 0.1],
  ['ses-2b90', 'market-research', 'lucie', 'firefox', 'running', 2.5, 0.4],
  ['ses-e14a', 'churn-model', 'amara', 'jupyter', 'running', 5.1, 0.2],
  ['ses-93d7', 'hotfix-2214', 'tobias', 'vscode', 'running', 7.8, 0.6],
  ['ses-5aa2', 'log-digging', 'dev', 'terminal', 'running', 9.4, 0.9],
  ['ses-c803', 'product-turntable', 'kenji', 'blender', 'hibernated', 22, 4],
  ['ses-0f6e', 'vendor-portal', 'mira', 'firefox', 'hibernated', 27, 19],
  ['ses-b455', 'forecast-q3', 'amara', 'jupyter', 'hibernated', 49, 25],
  ['ses-6d21', 'plugin-spike', 'tobias', 'vscode', 'hibernated', 74, 50],
  ['ses-1e9c', 'booth-animation', 'kenji', 'blender', 'terminated', 98, 90],
  ['ses-8f34', 'release-1-8', 'tobias', 'vscode', 'terminated', 146, 120],
  ['ses-d70b', 'onboarding', 'dev', 'firefox', 'terminated', 190, 188],
]
