// The rooms of the project and who may import whom: docs/internals/rooms.md has the picture.
const browser = ['bridge', 'host', 'react', 'sdk', 'elements']
const node = ['isolate', 'server', 'testing', 'cli', 'vite-plugin', 'create-mortise']
/** Package → packages it may import. */
const allowed = {
  contract: [],
  domains: ['contract'],
  tokens: ['contract'],
  bridge: ['contract'],
  sdk: ['contract', 'bridge'],
  host: ['contract', 'bridge', 'tokens'],
  react: ['contract', 'host', 'sdk', 'tokens'],
  elements: ['contract', 'host', 'tokens'],
  isolate: ['contract'],
  server: ['contract', 'domains', 'isolate', 'tokens'],
  testing: ['contract', 'domains', 'isolate', 'server'],
  'vite-plugin': ['contract'],
  cli: ['contract', 'domains', 'server', 'testing', 'vite-plugin', 'tokens'],
  'create-mortise': ['contract'],
}
// A test may use the test kit, and drive the thing it tests through the real other side.
const inTests = String.raw`\.test\.tsx?$|/test/|/bench/|/gallery/`

export default {
  forbidden: [
    ...Object.entries(allowed).map(([name, others]) => ({
      name: `${name}-imports`,
      comment: `${name} may import ${others.join(', ') || 'no other package of ours'}.`,
      severity: 'error',
      from: { path: `^packages/${name}/`, pathNot: inTests },
      to: { path: '^packages/', pathNot: `^packages/(${[name, ...others].join('|')})/` },
    })),
    {
      name: 'core-knows-no-domain',
      comment: 'Core packages take domains as data; only a host imports one.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(domains|testing|cli)/|${inTests}` },
      to: { path: '^packages/domains/' },
    },
    {
      name: 'nobody-imports-apps',
      severity: 'error',
      from: { path: '^(packages|examples)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'browser-and-node-apart',
      severity: 'error',
      from: { path: `^packages/(${browser.join('|')})/`, pathNot: inTests },
      to: { path: `^packages/(${node.join('|')})/` },
    },
    {
      name: 'no-unresolvable',
      comment: 'Declare what you import in your own package.json.',
      severity: 'error',
      from: {},
      // `mdast` is a package of types only.
      to: { couldNotResolve: true, pathNot: '^(__|mdast$)' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-deep-imports',
      comment: 'Import a package by its name.',
      severity: 'error',
      from: { path: '^(packages|apps|examples)/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$2/', dependencyTypes: ['local'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
}
