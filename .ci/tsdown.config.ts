// How the three packages are built: ES modules with types, shared code in chunks, dependencies left outside.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'tsdown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Sources of all entries that the package.json exports, and `others`, which are reached in other ways. */
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

/** The modules that an application loads at its start. */
const CORE_ENTRIES = ['runtime/index.ts', 'runtime/emit/v1.ts'].map((file) => root + file);
/** Modules shared by chunks that are loaded later, but too small for a file of their own. */
const ALSO_CORE = ['backend/abandonment.ts', 'backend/quick-reads.ts', 'adapters/redis/load-client.ts'].map(
  (file) => `${root}runtime/${file}`,
);
/** Loaded by the first call that needs more than memory. */
const SECOND_TIER = [`${root}runtime/site/tier/second-tier.ts`];
/** Entries that applications import separately, whether or not they use a second tier. */
const APART = [
  'adapters/redis/index.ts',
  'adapters/arrow/index.ts',
  'adapters/arrow/node.ts',
  'interop/index.ts',
].map((file) => `${root}runtime/${file}`);
/** Modules that the compiler loads too, without the rest of the runtime. */
const CONTRACT = `${root}runtime/contract/`;

type ModuleInfoOf = (id: string) => { readonly importers: readonly string[] } | null;

/** True when the module is one of `from`, or is imported by them statically, directly or not. */
function isReached(
  id: string,
  from: readonly string[],
  infoOf: ModuleInfoOf,
  seen = new Set<string>(),
): boolean {
  if (from.includes(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return infoOf(id)?.importers.some((importer) => isReached(importer, from, infoOf, seen)) === true;
}

/**
 * Puts core and second tier into one file each: finding, reading and linking a file takes longer than evaluating it.
 */
function chunkName(id: string, graph: { getModuleInfo: ModuleInfoOf }): string | null {
  const isEntry = CORE_ENTRIES.includes(id);
  if (!id.endsWith('.ts') || id.endsWith('.d.ts') || isEntry || id.startsWith(CONTRACT)) return null;
  const isReachedFrom = (from: readonly string[]): boolean =>
    isReached(id, from, (module) => graph.getModuleInfo(module));
  if (ALSO_CORE.includes(id) || isReachedFrom(CORE_ENTRIES)) return 'core';
  if (!isReachedFrom(SECOND_TIER)) return null;
  return isReachedFrom(APART) ? 'formats' : 'second-tier';
}

/**
 * Local variables get short names: a tenth of the time that Node takes to compile a file. Lines stay lines, and what a
 * stack trace names (functions, classes, methods) keeps its name.
 */
const SHORT_LOCALS = {
  compress: false,
  mangle: { toplevel: false, keepNames: true },
  codegen: { removeWhitespace: false },
} as const;

/** Two builds of one package, modules and types, because the chunks of modules do not suit declarations. */
function packageConfigs(
  folder: string,
  others: readonly string[] = [],
  copy: UserConfig['copy'] = [],
): readonly UserConfig[] {
  const common: UserConfig = {
    cwd: `${root}${folder}`,
    outDir: 'dist',
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    // Leaves out tests and fixtures, which are most of the repository.
    tsconfig: `${root}.ci/tsconfig.build.json`,
    fixedExtension: false,
    hash: false,
    logLevel: 'warn',
    inputOptions: { checks: { pluginTimings: false } },
  };
  const modules: UserConfig = {
    ...common,
    entry: entriesOf(folder, others),
    dts: false,
    clean: true,
    copy,
    // Doc comments are only in the declarations. Without them files are plain ASCII, which Node reads and compiles
    // faster.
    outputOptions: {
      comments: { annotation: true, jsdoc: false, legal: true },
      codeSplitting: { groups: [{ name: chunkName }] },
      minify: SHORT_LOCALS,
    },
  };
  // Only for exported entries: nobody reads types of the other files.
  const types: UserConfig = {
    ...common,
    entry: entriesOf(folder, []),
    dts: { emitDtsOnly: true },
    clean: false,
  };
  return [modules, types];
}

/** In dependency order: the transformer shares the contract of the runtime, the plugins use the transformer. */
export const packages: readonly UserConfig[] = [
  ...packageConfigs('runtime', [
    'adapters/embedded/writer.ts',
    'adapters/arrow/node.ts',
    'adapters/arrow/commonjs.ts',
  ]),
  // Includes the pages that `cachekit explain CK1108` prints.
  ...packageConfigs(
    'transformer',
    ['cli/main.ts'],
    ['diagnostics', 'errors'].map((pages) => ({
      from: `${root}docs/${pages}/*.md`,
      to: `dist/docs/${pages}`,
    })),
  ),
  ...packageConfigs('plugins'),
];
