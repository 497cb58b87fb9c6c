export { apcaContrast } from './apca.ts'
export {
  apcaLimits,
  type ContrastFailure,
  type ContrastLevel,
  checkTheme,
  checkTokens,
  type GateReport,
  limitsOf,
  type PairLimits,
  themePermutations,
} from './check-theme.ts'
export { describeContexts } from './describe-contexts.ts'
export { type ContrastPair, contrastLimits, contrastPairs, type PairKind } from './pairs.ts'
