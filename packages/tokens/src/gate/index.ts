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
