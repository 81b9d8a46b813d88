// The checks of `doctor` about tools: Node, each TypeScript, ts-patch, the plugin entry, the Vite configuration.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadTypeScript } from '../host/load-typescript.ts';
import {
  configPath,
  findConfigAbove,
  readConfig,
  withReferences,
  type ProjectConfig,
} from '../host/project/read-config.ts';
import { checkRuntimeVersion, runtimeVersionAt } from '../host/runtime-version.ts';
import { isSupportedNode } from '../host/supported-node.ts';
import { transformerVersion } from '../host/version.ts';
import { resolveOptions } from '../options.ts';
import type { CliContext } from './cli-context.ts';
import { noConfig } from './compile-all.ts';
import { resolveFrom } from './import-runtime.ts';
import { readViteConfig } from './vite-config.ts';

export interface Check {
  /** `note`: no problem, but worth knowing. */
  readonly status: 'ok' | 'note' | 'fail';
  readonly name: string;
  /** '' when there is nothing to add to the name. */
  readonly detail: string;
}

const ok = (name: string, detail = ''): Check => ({ status: 'ok', name, detail });
const note = (name: string, detail: string): Check => ({ status: 'note', name, detail });
const fail = (name: string, detail: string): Check => ({ status: 'fail', name, detail });

export function checkHost(tsconfig: string | undefined, context: CliContext): readonly Check[] {
  const { cwd } = context;
  return [
    checkNode(process.versions.node),
    checkOwnTypeScript(),
    ...checkTypeScript(cwd),
    ...checkConfig(tsconfig, cwd),
    ...checkVite(cwd),
  ];
}

function checkNode(version: string): Check {
  const name = `Node.js ${version}`;
  return isSupportedNode(version)
    ? ok(name)
    : fail(name, 'cachekit needs 22.18 or later of 22, or 24.11 or later.');
}

function checkOwnTypeScript(): Check {
  try {
    return ok(`TypeScript ${loadTypeScript().version}`, 'for cachekit itself');
  } catch (error) {
    return fail('TypeScript', error instanceof Error ? error.message : String(error));
  }
}

/** The project's own `typescript`, and ts-patch, which runs inside it. */
function checkTypeScript(cwd: string): readonly Check[] {
  const version = versionOf(cwd, 'typescript');
  const patch = versionOf(cwd, 'ts-patch');
  const isSix = version?.startsWith('6.') === true;
  const seven =
    'its tsc ignores the plugin entry and builds uncached code: compile with a bundler plugin or `npx cachekit build`.';
  const own =
    version === undefined || isSix
      ? []
      : [
          note(
            `the project's TypeScript ${version}`,
            Number.parseInt(version, 10) >= 7 ? seven : 'cachekit compiles with its own TypeScript 6.',
          ),
        ];
  if (patch === undefined) return own;
  const name = `ts-patch ${patch}`;
  return [
    ...own,
    isSix
      ? ok(name)
      : fail(
          name,
          `CK1402: it runs in TypeScript ${version ?? '(none installed)'}; cachekit needs 6. Install typescript@~6.0.3, with TypeScript 7 beside it as @typescript/native, or use \`npx cachekit build\`.`,
        ),
  ];
}

function checkConfig(tsconfig: string | undefined, cwd: string): readonly Check[] {
  const path = tsconfig === undefined ? findConfigAbove(cwd) : configPath(tsconfig, cwd);
  if (path === undefined) return [fail('tsconfig', noConfig(undefined, { cwd }).message)];
  let configs;
  try {
    const ts = loadTypeScript();
    const { error } = ts.readConfigFile(path, (file) => ts.sys.readFile(file));
    if (error !== undefined)
      return [
        fail('tsconfig', `${path} is not JSON: ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`),
      ];
    configs = withReferences(ts, readConfig(ts, path));
  } catch (error) {
    return [fail('tsconfig', error instanceof Error ? error.message : String(error))];
  }
  const all = configs.filter((config) => Object.keys(config.ownEntry).length > 0);
  const [entries, idle] = [all.filter(compilesFiles), all.filter((config) => !compilesFiles(config))];
  const problems = configs.flatMap((config) => resolveOptions(config.ownEntry, config.path).diagnostics);
  return [
    entries.length > 0
      ? ok('plugin entry', entries.map((config) => config.path).join(', '))
      : note(
          'plugin entry',
          `${path} has none: bundler plugins and \`cachekit build\` work without options; editor and ts-patch do not. \`npx cachekit init\` adds it.`,
        ),
    ...idle.map(({ path: file }) =>
      note(
        'plugin entry',
        `the one in ${file} has no effect, because that tsconfig lists no files. Those that it references need one each: \`npx cachekit init\` adds it.`,
      ),
    ),
    ...entries.flatMap((config) => checkEntry(config.ownEntry, versionOf(cwd, 'ts-patch'))),
    ...problems.map((one) => fail('options', `${one.code}: ${one.message}`)),
    ...configs.flatMap((config) =>
      config.options.strict === false ? [fail('strict', `CK1405: off in ${config.path}.`)] : [],
    ),
    checkVersions(path),
  ];
}

/** False for a tsconfig that only references others. */
function compilesFiles({ files, references }: ProjectConfig): boolean {
  return files.length > 0 || references.length === 0;
}

function checkEntry(entry: object, patch: string | undefined): readonly Check[] {
  const { transform, transformProgram, name } = entry as {
    transform?: unknown;
    transformProgram?: unknown;
    name?: unknown;
  }; // JSON of the user
  return [
    ...(name === '@cachekit/transformer/ls'
      ? []
      : [note('editor', 'add "name": "@cachekit/transformer/ls" to the entry to see diagnostics there.')]),
    ...(transform !== undefined && transformProgram !== true
      ? [fail('transformProgram', 'ts-patch needs "transformProgram": true beside "transform".')]
      : []),
    ...(transform !== undefined && patch === undefined
      ? [note('ts-patch', 'is not installed: "transform" in the entry has no effect.')]
      : []),
  ];
}

function checkVersions(tsconfig: string): Check {
  const own = transformerVersion();
  const runtime = runtimeVersionAt(dirname(tsconfig));
  const [mismatch] = checkRuntimeVersion(tsconfig);
  if (mismatch !== undefined) return fail('versions', `${mismatch.code}: ${mismatch.message}`);
  return runtime === undefined
    ? fail('cachekit', 'is not installed: npm i cachekit')
    : ok('versions', `cachekit ${runtime}, @cachekit/transformer ${own}`);
}

function checkVite(cwd: string): readonly Check[] {
  const config = readViteConfig(cwd);
  if (config === undefined) return [];
  const { file, imported, plugins, line, column } = config;
  if (imported === undefined)
    return [note('Vite', `${file} has no cachekit(). \`npx cachekit init --host vite\` adds it.`)];
  if (imported.isWrong)
    return [
      fail(
        'plugin import',
        `${file}:${imported.line} '@cachekit/plugins/vite' has only a default export: import ${imported.callee} from '@cachekit/plugins/vite'. \`npx cachekit init --host vite\` changes it.`,
      ),
    ];
  const at = plugins.findIndex((plugin) => plugin.isOurs);
  if (at === -1)
    return [
      fail(
        'plugin order',
        `${file}:${line}:${column} cachekit is imported, and not in \`plugins\` as far as it can be read.`,
      ),
    ];
  if (at === 0) return [ok('plugin order', `${file}: cachekit() is the first plugin`)];
  const before = plugins
    .slice(0, at)
    .map((plugin) => plugin.text)
    .join(', ');
  return [
    fail(
      'plugin order',
      `${file}:${plugins[at]?.line ?? line} cachekit() stands behind ${before}; what they make of a file is what it sees. Put it first.`,
    ),
  ];
}

/** Version of a package as the project resolves it; undefined: not installed. */
function versionOf(folder: string, name: string): string | undefined {
  const direct = join(folder, 'node_modules', name, 'package.json');
  const file = existsSync(direct) ? direct : resolveFrom(folder, `${name}/package.json`);
  if (file === undefined) return undefined;
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }; // checked in the next line
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
