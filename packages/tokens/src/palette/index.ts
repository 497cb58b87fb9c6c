export { type BrandOptions, type BrandTheme, themeFromBrand } from './brand-theme.ts'
export { withOtherMode } from './other-mode.ts'
export { type Preset, presets, withPreset } from './presets.ts'
