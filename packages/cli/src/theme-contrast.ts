import type { PluginRecord } from '@mortise/contract'
import type { Client } from './client.ts'
import { plain } from './terminal.ts'

/** Two roles whose colors are hard to tell apart. */
export interface HardPair {
  readonly foreground: string
  readonly background: string
  /** What of the host is seen in these colors. */
  readonly use: string
  /** Permutations in words. */
  readonly where: string
  readonly ratio: number
  readonly leastRatio: number
  /** APCA, without its sign. */
  readonly lightness: number
  readonly leastLightness: number
}

/** What the contrast gate says about one theme. */
export interface ThemeContrast {
  readonly theme: string
  readonly label: string
  /** Why it could not be measured. */
  readonly fault?: string
  /** Worst first. */
  readonly failures: readonly HardPair[]
  /** Colors that a repair changes, and measurements that it does not help. */
  readonly repair: { readonly changes: number; readonly left: number }
}

/** Failing pairs written out in the terminal; `--json` has all. */
const mostLines = 4

/** Measures the themes of an installed plugin as the console does before they are approved. */
export async function checkThemes(client: Client, plugin: PluginRecord): Promise<readonly ThemeContrast[]> {
  if (plugin.themes.length === 0) return []
  const [{ composeTheme, readSource }, { baseSource }, { checkTheme, describeContexts }, { repairTheme }] =
    await Promise.all([
      import('@mortise/tokens'),
      import('@mortise/tokens/base'),
      import('@mortise/tokens/gate'),
      import('@mortise/tokens/repair'),
    ])
  const found: ThemeContrast[] = []
  for (const { id: theme, label, path } of plugin.themes) {
    const { source, diagnostics } = await readSource(path, (file) => client.file(plugin, file))
    const [fault] = diagnostics
    const { failures } = checkTheme(composeTheme(baseSource, source))
    const repaired = failures.length > 0 ? repairTheme(baseSource, source) : undefined
    found.push({
      theme,
      label,
      ...(fault && { fault: `${fault.file}: ${fault.message}` }),
      failures: failures.map(
        ({ foreground, background, use, contexts, ratio, leastRatio, lightness, leastLightness }) => ({
          foreground,
          background,
          use,
          where: describeContexts(contexts),
          ratio,
          leastRatio,
          lightness,
          leastLightness,
        }),
      ),
      repair: {
        changes: repaired?.repairs.length ?? 0,
        left: repaired?.after.failures.length ?? 0,
      },
    })
  }
  return found
}

/** The same for a person to read: empty where every theme is fine. */
export function describeContrast(themes: readonly ThemeContrast[]): string {
  return themes.flatMap(describeTheme).join('\n')
}

/** A plugin with what was measured of its themes, for `--json`. */
export function withContrast(
  plugin: PluginRecord,
  contrast: readonly ThemeContrast[],
): PluginRecord & { readonly contrast?: readonly ThemeContrast[] } {
  return contrast.length > 0 ? { ...plugin, contrast } : plugin
}

function describeTheme({ label, fault, failures, repair }: ThemeContrast): string[] {
  const name = plain(label)
  const lines = fault === undefined ? [] : [`${name} is not whole: ${plain(fault)}`]
  if (failures.length === 0) return lines
  const pairs = new Set(failures.map(({ foreground, background }) => `${foreground} ${background}`)).size
  const left = failures.length - mostLines
  const { changes } = repair
  const after = repair.left === 0 ? 'every pair passes' : `${repair.left} of the measurements still fail`
  return [
    ...lines,
    `Warning: ${name} has ${pairs} ${pairs === 1 ? 'pair of colors that is' : 'pairs of colors that are'} hard to read:`,
    ...failures.slice(0, mostLines).map(describePair),
    ...(left > 0 ? [`  and ${left} more; --json lists all.`] : []),
    changes === 0
      ? 'No repair was found.'
      : `A repair changes ${changes} ${changes === 1 ? 'color' : 'colors'}; then ${after}. Whoever chooses the theme in the console can have it repaired.`,
  ]
}

function describePair(pair: HardPair): string {
  const { foreground, background, use, where, ratio, leastRatio, lightness, leastLightness } = pair
  return (
    `  ${foreground} on ${background} (${use}; ${plain(where)}): ` +
    `${ratio.toFixed(2)} of ${leastRatio}:1, Lc ${lightness.toFixed(0)} of ${leastLightness}`
  )
}
