// How the three packages are built: ES modules with types, shared code in chunks, dependencies left outside.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'tsdown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Every entry that the package.json exports, from its source; and files that are reached in another way. */
function entriesOf(folder: string, others: readonly string[]): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8')) as {
    exports: Record<string, string | Record<string, string>>;
  }; // a package of this repository
  const exported = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry['@cachekit/source'] ?? ''],
  );
  const files = [...exported.filter((file) => file.endsWith('.ts')), ...others];
  return Object.fromEntries(
    files.map((file) => file.replace(/^\.\//, '')).map((file) => [file.replace(/\.ts$/, ''), file]),
  );
}

function packageConfig(folder: string, others: readonly string[] = []): UserConfig {
  return {
    cwd: `${root}${folder}`,
    entry: entriesOf(folder, others),
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
  packageConfig('runtime', ['adapters/embedded/writer.ts']),
  packageConfig('transformer', ['cli/main.ts']),
  packageConfig('plugins'),
];
