/** Who may import whom: docs/architecture.md. No exemptions. */
const services = '(auth|upload|conversion|encoder|delivery)';
const ports = '(event-store|messaging|documents|blobs|clock)';
const adapters = `libs/(event-store/(sqlite|eventstoredb)|messaging/(in-process|kafka)|documents/(sqlite|mongodb)|blobs/(disk|gridfs))/`;
const specs = '\\.(spec|contract)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'services-do-not-know-one-another',
      severity: 'error',
      from: { path: `^libs/${services}/` },
      to: { path: `^libs/${services}/`, pathNot: '^libs/$1/' },
    },
    {
      name: 'services-import-only-contracts-ports-and-shared-edges',
      severity: 'error',
      from: { path: `^libs/${services}/`, pathNot: specs },
      to: {
        path: '^libs/',
        pathNot: `^libs/($1|contracts|${ports}|http|actors|projections|config|telemetry|crash-points|media)/`,
      },
    },
    {
      name: 'only-the-encoder-knows-media',
      severity: 'error',
      from: { path: `^libs/(auth|upload|conversion|delivery)/`, pathNot: specs },
      to: { path: '^libs/media/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^libs/[^/]+/domain/', pathNot: specs },
      to: { path: '.', pathNot: '^libs/([^/]+/domain|contracts)/' },
    },
    {
      name: 'adapters-are-bound-in-platform',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [specs, '^libs/platform/', adapters] },
      to: { path: adapters },
    },
    {
      name: 'adapters-do-not-know-one-another',
      severity: 'error',
      from: { path: '^libs/([^/]+)/(sqlite|eventstoredb|in-process|kafka|mongodb|disk|gridfs)/', pathNot: specs },
      to: { path: adapters, pathNot: '^libs/$1/$2/' },
    },
    {
      name: 'only-through-the-index',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/[^/]+/.+', pathNot: ['^libs/$2/', '^libs/.+/index\\.ts$'] },
    },
    {
      name: 'apps-import-services-and-platform',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: `^libs/(${ports}|actors|projections|media)/` },
    },
    {
      // Types vanish when it is compiled: no schema, and nothing of Node, gets into a browser.
      name: 'the-client-takes-only-types-of-contracts',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: specs },
      to: { path: '^libs/', pathNot: '^libs/client/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-client-knows-only-types-of-contracts',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: specs },
      to: { path: '^libs/', pathNot: '^libs/(client|contracts)/' },
    },
    {
      name: 'the-client-works-in-browsers',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: specs },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'services-do-not-use-the-client',
      severity: 'error',
      from: { path: '^libs/', pathNot: [specs, '^libs/client/'] },
      to: { path: '^libs/client/' },
    },
    {
      name: 'nothing-imports-an-app',
      severity: 'error',
      from: { path: '^(libs|apps/([^/]+))/' },
      to: { path: '^apps/', pathNot: '^apps/$2/' },
    },
    {
      name: 'testing-is-for-specs',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [specs, '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: [specs, '^libs/testing/(global-)?setup\\.ts$'] },
      to: {},
    },
    { name: 'resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['mixdown-source', 'import', 'node', 'default', 'types'],
    },
  },
};
