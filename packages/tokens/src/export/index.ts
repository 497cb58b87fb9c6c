export { exportFigma } from './figma.ts'
export { exportCss, exportJson, exportTailwind, exportTypeScript } from './text.ts'
