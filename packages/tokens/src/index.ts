export { contrast, luminance, toSrgb } from './contrast.ts'
export {
  customProperty,
  type Declaration,
  forcedColors,
  themeDeclarations,
  themeRules,
  themeStylesheet,
  toCss,
  toDeclarations,
} from './css.ts'
export { declarationsIn } from './declarations-in.ts'
export { roleLimits } from './limits.ts'
export { fileLimits } from './parse-file.ts'
export { printColor } from './print-value.ts'
export { maxFileLength, readSource } from './read-source.ts'
export { resolveTokens } from './resolve.ts'
export { isResolver, modifierContexts, referencedFiles } from './resolver.ts'
export { composeTheme, defaultContext, type Mode, type Theme, type ThemeContext } from './theme.ts'
export type {
  Border,
  Channel,
  Color,
  ColorSpace,
  CubicBezier,
  Diagnostic,
  Dimension,
  Duration,
  GradientStop,
  Shadow,
  StrokeStyle,
  Token,
  TokenCode,
  TokenSet,
  TokenSource,
  TokenType,
  TokenValues,
  Transition,
  Typography,
} from './types.ts'
