import type { Command } from 'commander'
import { addConfigure } from './plugin/configure.ts'
import { addDeliveries } from './plugin/deliveries.ts'
import { addDismiss } from './plugin/dismiss.ts'
import { addEmail } from './plugin/email.ts'
import { addGrant } from './plugin/grant.ts'
import { addInstall } from './plugin/install.ts'
import { addJobs } from './plugin/jobs.ts'
import { addList } from './plugin/list.ts'
import { addLogs } from './plugin/logs.ts'
import { addReplay } from './plugin/replay.ts'
import { addRollback } from './plugin/rollback.ts'
import { addRun } from './plugin/run.ts'
import { addSecret } from './plugin/secret.ts'
import { addDisable, addEnable } from './plugin/switch.ts'
import { addUninstall } from './plugin/uninstall.ts'

export function addPlugin(program: Command): void {
  const plugin = program
    .command('plugin')
    .description('administer the plugins of the server at MORTISE_URL (http://localhost:4780)')
  for (const add of [
    addInstall,
    addList,
    addEnable,
    addDisable,
    addConfigure,
    addSecret,
    addJobs,
    addEmail,
    addGrant,
    addLogs,
    addDeliveries,
    addReplay,
    addDismiss,
    addRun,
    addRollback,
    addUninstall,
  ]) {
    add(plugin)
  }
}
