export { buildPlugin } from './build-plugin.ts'
export { type MortiseOptions, mortise } from './mortise.ts'
export { type PackedPlugin, packPlugin, readPluginFiles } from './pack-plugin.ts'
export { readManifest } from './read-manifest.ts'
