import { Command, CommanderError } from 'commander'
import { addBuild } from './commands/build.ts'
import { addPackage } from './commands/package.ts'
import { addPlugin } from './commands/plugin.ts'
import { addServe } from './commands/serve.ts'
import { addValidate } from './commands/validate.ts'
import { addWebhook } from './commands/webhook.ts'
import { UsageError } from './describe-error.ts'
import { createOutput } from './output.ts'

/**
 * Runs the `mortise` command and sets the exit code: 0 done, 1 refused or failed,
 * 2 not a command.
 *
 * @param argv - As `process.argv`: the program and the script come first.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('mortise')
    .description('Slots in web front ends for plugins you do not have to trust.')
    .version('0.1.0')
    .showHelpAfterError('Run it with --help to see what it takes.')
    .exitOverride()
  for (const add of [addServe, addBuild, addValidate, addPackage, addPlugin, addWebhook]) add(program)
  try {
    await program.parseAsync([...argv])
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // Help and version are answers; the rest is a mistake on the line, already printed.
      process.exitCode = thrown.exitCode === 0 ? 0 : 2
      return
    }
    createOutput(argv.includes('--json')).fail(thrown)
    process.exitCode = thrown instanceof UsageError ? thrown.exitCode : 1
  }
}
