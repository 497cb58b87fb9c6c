/** All that a page loads to resolve and print themes. */
export * from '../src/base.ts'
export * from '../src/index.ts'
