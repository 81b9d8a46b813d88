import { defineConfig } from 'vitest/config';

// Tests run on the sources: the condition maps every package entry to its .ts file.
const conditions = ['@cachekit/source', 'node', 'import', 'default'];
const project = (name: string, include: string[], extra: object = {}) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { name, include, environment: 'node' as const, ...extra },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/{runtime,transformer,plugins,docs}/**/*.test.ts']),
      project('fixtures', ['test/fixtures.test.ts', 'test/diagnostics.test.ts'], { testTimeout: 60_000 }),
      project(
        'integration',
        ['test/integration/**/*.test.ts', 'test/chaos/**/*.test.ts', 'test/promises/**/*.test.ts'],
        {
          globalSetup: ['test/helpers/redis-global.ts'],
          testTimeout: 30_000,
        },
      ),
      project('e2e', ['test/e2e/**/*.test.ts', 'test/package/**/*.test.ts'], { testTimeout: 120_000 }),
    ],
  },
});
