export { type BrandOptions, type BrandTheme, themeFromBrand } from './brand-theme.ts'
export { type Preset, presets, withPreset } from './presets.ts'
