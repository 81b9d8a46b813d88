// Hosts that are started by their own command, as their users do: what has to lie in the project, the arguments of Node, and
// what prints for the application then.
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));

export interface OtherHost {
  /** By path in the project. */
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** A program, the output of the host itself, or a file that the application's output was written to. */
  readonly prints: 'dist/main.js' | 'stdout' | 'printed.json';
  /** Compiler options in place of those of the application. */
  readonly options?: object;
}

/** A test that runs the application; test runners keep what it prints. */
const testOf = (library: string): string => `import { writeFileSync } from 'node:fs';
import { test } from '${library}';
test('runs', async () => {
  const write = process.stdout.write;
  process.stdout.write = (text) => {
    writeFileSync('printed.json', text);
    return true;
  };
  try {
    await import('./main.ts');
  } finally {
    process.stdout.write = write;
  }
});
`;

export const otherHosts: Readonly<Record<string, OtherHost>> = {
  'Vite dev server': {
    files: {
      'dev.mjs': `import cachekit from '@cachekit/plugins/vite';
import { createServer } from 'vite';
const server = await createServer({
  configFile: false,
  logLevel: 'silent',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  plugins: [cachekit()],
});
await server.ssrLoadModule('/src/main.ts');
await server.close();
`,
    },
    args: ['dev.mjs'],
    prints: 'stdout',
  },
  Vitest: {
    files: {
      'vitest.config.js': `import cachekit from '@cachekit/plugins/vite';
export default { plugins: [cachekit()], test: { testTimeout: 120_000 } };
`,
      'src/main.test.ts': testOf('vitest'),
    },
    args: [`${modules}vitest/vitest.mjs`, 'run', '--testTimeout=60000'],
    prints: 'printed.json',
  },
  Jest: {
    files: {
      'jest.config.js': `export default {
  roots: ['<rootDir>/src'],
  testTimeout: 120_000,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\\\.ts$': ['ts-jest', { compiler: 'ts-patch/compiler', useESM: true }] },
};
`,
      'src/main.test.ts': testOf('@jest/globals'),
    },
    args: ['--experimental-vm-modules', `${modules}jest/bin/jest.js`, '--testTimeout=60000'],
    prints: 'printed.json',
    options: {
      module: 'esnext',
      moduleResolution: 'bundler',
      allowImportingTsExtensions: true,
      noEmit: true,
      verbatimModuleSyntax: false,
      rewriteRelativeImportExtensions: false,
    },
  },
  tsdown: {
    files: {
      'tsdown.config.js': `import cachekit from '@cachekit/plugins/rolldown';
export default { entry: 'src/main.ts', platform: 'node', fixedExtension: false, plugins: [cachekit()] };
`,
    },
    args: [`${modules}tsdown/dist/run.mjs`],
    prints: 'dist/main.js',
  },
  tsup: {
    files: {
      'tsup.config.js': `import cachekit from '@cachekit/plugins/esbuild';
export default {
  entry: ['src/main.ts'],
  format: 'esm',
  target: 'node22',
  external: ['cachekit'], // the application does not list it
  esbuildPlugins: [cachekit()],
};
`,
    },
    args: [`${modules}tsup/dist/cli-default.js`],
    prints: 'dist/main.js',
  },
};
