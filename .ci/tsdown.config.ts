// How the three packages are built: ES modules with types, shared code in chunks, dependencies left outside.
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'tsdown';

const root = fileURLToPath(new URL('..', import.meta.url));

function packageConfig(folder: string, entry: readonly string[]): UserConfig {
  return {
    cwd: `${root}${folder}`,
    entry: Object.fromEntries(entry.map((file) => [file.replace(/\.ts$/, ''), file])),
    outDir: 'dist',
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    tsconfig: `${root}tsconfig.json`,
    dts: true,
    clean: true,
    fixedExtension: false,
    hash: false,
    logLevel: 'warn',
    inputOptions: { checks: { pluginTimings: false } },
  };
}

/** In dependency order: the transformer shares the contract of the runtime, the plugins use the transformer. */
export const packages: readonly UserConfig[] = [
  packageConfig('runtime', [
    'index.ts',
    'emit/v1.ts',
    'contract/index.ts',
    'adapters/redis/index.ts',
    'adapters/embedded/writer.ts',
    'testing/index.ts',
  ]),
  packageConfig('transformer', [
    'index.ts',
    'cli/main.ts',
    'host/project.ts',
    '1-scan/may-contain-marker.ts',
  ]),
  packageConfig('plugins', ['vite.ts', 'esbuild.ts']),
];
