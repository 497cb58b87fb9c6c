export { deltaE, hexOf, type Lch, lchOf, oklch } from '../color/convert.ts'
export { colorValue, type Patches, patchSource, type Written } from './patch-source.ts'
export { isInContext, type Repair, type RepairResult, repairTheme } from './repair-theme.ts'
export { type ColorVision, type LookAlike, lookAlikes, simulateVision } from './vision.ts'
