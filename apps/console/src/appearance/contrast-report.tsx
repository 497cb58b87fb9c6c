import { Button, CodeText, Notice } from '@mortise/react/host'
import ArrowRight from 'lucide-react/icons/arrow-right'
import { type ReactNode, useId, useState } from 'react'
import { useQuery } from '../state/query.ts'
import type { ContrastCheck, ContrastRepair, HardPair } from './check-contrast.ts'
import { type KnownTheme, versionKey } from './theme-source.ts'

/** Pairs shown before somebody asks for all. */
const shownAtFirst = 4

/** What the contrast gate says about a theme. `undefined` until it is measured, or where its files cannot be read. */
export function useContrastCheck(theme: KnownTheme): ContrastCheck | undefined {
  const key = `contrast ${versionKey(theme)}`
  return useQuery(key, async () => (await import('./check-contrast.ts')).checkContrast(theme)).data
}

interface ContrastReportProps {
  readonly theme: KnownTheme
  /** Whether the repaired colors are in use. */
  readonly repaired?: boolean
  readonly actions?: ReactNode
}

/** Names the pairs of a theme that are hard to read, and what a repair would change. Nothing where all is well. */
export function ContrastReport({ theme, repaired = false, actions }: ContrastReportProps) {
  const check = useContrastCheck(theme)
  if (!check || check.pairs.length === 0) return null
  const { pairs, measured, permutations } = check
  const { label } = theme
  const roles = new Set(pairs.map(({ foreground, background }) => `${foreground} ${background}`)).size
  return (
    <Notice
      tone={repaired ? 'info' : 'warning'}
      title={
        repaired
          ? `${label} is shown with repaired colors`
          : `${label} has ${roles} ${roles === 1 ? 'pair of colors that is' : 'pairs of colors that are'} hard to read`
      }
      actions={actions}
    >
      <div className="c-contrast">
        <p>
          {repaired
            ? `Without the repair, ${roles} of ${measured} pairs are hard to read.`
            : `${measured} pairs were measured in each of ${permutations} permutations.`}
        </p>
        {!repaired && <PairList pairs={pairs} />}
        <Repair theme={theme} repaired={repaired} />
      </div>
    </Notice>
  )
}

function PairList({ pairs }: { readonly pairs: readonly HardPair[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? pairs : pairs.slice(0, shownAtFirst)
  return (
    <>
      <ul className="c-contrast__pairs" aria-label="Hard to read">
        {shown.map((pair) => (
          <li key={`${pair.foreground} ${pair.background} ${pair.where} ${pair.ratio}`}>
            <span
              className="c-contrast__sample"
              aria-hidden="true"
              style={{ color: pair.colors[0], backgroundColor: pair.colors[1] }}
            >
              Aa
            </span>
            <span className="c-contrast__words">
              <span>
                <span className="c-strong">{capital(pair.use)}</span> <span>({pair.where})</span>
              </span>
              <span className="c-contrast__roles">
                <CodeText>{pair.foreground}</CodeText> on <CodeText>{pair.background}</CodeText>
              </span>
            </span>
            <span className="c-contrast__numbers">{numbersOf(pair)}</span>
          </li>
        ))}
      </ul>
      {pairs.length > shownAtFirst && (
        <Button size="sm" variant="ghost" onPress={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${pairs.length}`}
        </Button>
      )}
    </>
  )
}

function Repair({ theme, repaired }: { readonly theme: KnownTheme; readonly repaired: boolean }) {
  const id = useId()
  const { data } = useQuery<ContrastRepair>(`repair ${versionKey(theme)}`, async () =>
    (await import('./check-contrast.ts')).proposeRepair(theme),
  )
  if (!data || data.changes.length === 0) return null
  const { changes, left } = data
  const colors = `${changes.length} ${changes.length === 1 ? 'color' : 'colors'}`
  const rest =
    left === 0 ? 'every pair passes' : `${left} ${left === 1 ? 'measurement' : 'measurements'} still fail`
  return (
    <div className="c-contrast__repair">
      <div id={id}>
        {repaired ? `${colors} changed; ${rest}.` : `A repair changes ${colors}; then ${rest}.`}
      </div>
      <ul className="c-contrast__changes" aria-labelledby={id}>
        {changes.map(({ role, mode, before, after }) => (
          <li key={`${role} ${mode}`} title={`${role}, ${mode}: ${before} becomes ${after}`}>
            <span className="c-contrast__color" style={{ backgroundColor: before }} aria-hidden="true" />
            <ArrowRight aria-hidden="true" />
            <span className="c-contrast__color" style={{ backgroundColor: after }} aria-hidden="true" />
            <span className="m-visually-hidden">
              {role}, {mode}: {before} becomes {after}
            </span>
            <span aria-hidden="true">{role.replace('color.', '')}</span>
            <span className="c-muted" aria-hidden="true">
              {mode}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function numbersOf({ standards, ratio, leastRatio, lightness, leastLightness }: HardPair): string {
  return standards.includes('wcag')
    ? `${ratio.toFixed(1)}:1 of ${leastRatio}:1`
    : `Lc ${lightness.toFixed(0)} of ${leastLightness}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
