import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const nestDecorators = swc.vite({
  module: { type: 'nodenext' },
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
});

export default defineConfig({
  plugins: [nestDecorators],
  resolve: { conditions: ['source'] },
  ssr: {
    resolve: { conditions: ['source', 'node', 'import', 'default'], externalConditions: ['node', 'import', 'default'] },
  },
  test: {
    environment: 'node',
    pool: 'forks',
    include: ['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['libs/testing/setup.ts'],
  },
});
