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

// Every run at a desk tries another seed; the one that gates a change is always the same.
const anySeed = process.env.CI === undefined ? String(Math.floor(Math.random() * 2 ** 32)) : '1';
const seed = process.env.ADVERSE_SEED ?? anySeed;
console.log(`Repeat what the adverse platform does with ADVERSE_SEED=${seed}`);

export default defineConfig({
  plugins: [nestDecorators],
  resolve: { conditions: ['mixdown-source'] },
  ssr: { resolve: { conditions: ['mixdown-source'] } },
  test: {
    environment: 'node',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['libs/testing/setup.ts'],
    globalSetup: ['libs/testing/global-setup.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'mixdown', include: ['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/**/*.spec.ts'] },
      },
      // The end-to-end suite once more, on a platform that misbehaves.
      {
        extends: true,
        test: {
          name: 'adverse',
          include: ['test/e2e/**/*.spec.ts'],
          // These start a platform of their own, which behaves.
          exclude: ['test/e2e/{cli,telemetry-export,trace}.spec.ts'],
          env: { ADVERSE_SEED: seed },
        },
      },
    ],
  },
});
