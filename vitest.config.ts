import { defineConfig } from 'vitest/config';

// Tests run on the sources: the condition maps every package entry to its .ts file.
const conditions = ['@cachekit/source', 'node', 'import', 'default'];
const REDIS = { globalSetup: ['test/helpers/redis-global.ts'] };

const project = (name: string, include: string[], extra: object = {}) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name,
    include,
    environment: 'node' as const,
    maxWorkers: 2,
    sequence: { groupOrder: 0 },
    // They end what hangs; no promise is about them. Machines differ by ten times.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    ...extra,
  },
});

export default defineConfig({
  test: {
    projects: [
      // State of the runtime is per process: every file gets its own.
      project('unit', ['test/{runtime,model,fuzz}/**/*.test.ts']),
      // Pure, and TypeScript is slow to load: files share a process.
      project('compiler', ['test/{transformer,plugins,docs}/**/*.test.ts'], { isolate: false }),
      project('fixtures', ['test/fixtures.test.ts', 'test/diagnostics.test.ts']),
      project('e2e', ['test/{e2e,package}/**/*.test.ts', 'test/promises/{values,delivery}.test.ts'], {
        ...REDIS,
        testTimeout: 300_000,
        hookTimeout: 300_000,
      }),
      // Bounds in milliseconds: after everything that keeps the processors busy.
      project('timed', ['test/{integration,chaos}/**/*.test.ts', 'test/promises/outages.test.ts'], {
        ...REDIS,
        sequence: { groupOrder: 1 },
      }),
    ],
  },
});
