// Options of the plugin entry in tsconfig.json: as users write them, as the compiler uses them, and the check between.
import { readBuildProfiles, type BuildProfiles } from './3-plan/build-profiles.ts';
import { isNamespace } from './3-plan/namespace.ts';
import type { ProfileEntry } from './3-plan/profile-entry.ts';
import { sensitiveFieldNames, sensitiveFunctionNames, hotFunctionNames } from './3-plan/sensitive-names.ts';
import { readBuildTypes, type BuildTypes } from './build-types.ts';
import { isCode } from './diagnostics/catalogue.ts';
import { createDiagnostic } from './diagnostics/create.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { isProtected, type SeverityOptions, type SeveritySetting } from './diagnostics/overrides.ts';
import { suggest } from './diagnostics/suggest.ts';

/** Changes to a word list. */
interface NameChanges {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** An unknown or ill-typed option is CK1408. */
export interface TransformerOptions {
  /** `@cache.reports`, `cached(fn, { profile: 'reports' })`. Default: none. */
  readonly profiles?: Readonly<Record<string, ProfileEntry>>;
  /** Default namespace, `[a-z0-9._-]{1,64}`. Default: the package name, made to fit. */
  readonly namespace?: string;
  /**
   * A published package: ids and the default namespace carry its name, and it never calls configure(). Default false.
   */
  readonly library?: boolean;
  /** Every secure function must name its tenant. Default false. */
  readonly multiTenant?: boolean;
  /**
   * Words in a function's name that make it secure. `remove` also applies to the built-in list of sensitive field
   * names.
   */
  readonly sensitiveNames?: NameChanges;
  /** Words in a function's name that make it minimal. */
  readonly hotNames?: NameChanges;
  /** `package#Type`: treated like `Pii`. Default: none. */
  readonly sensitiveTypes?: readonly string[];
  /**
   * `package#Type`: parameters of these types are left out of the key, as loggers and database clients are. Default:
   * none.
   */
  readonly ignoredTypes?: readonly string[];
  /** Modules that export `defineCodec(…)`: paths relative to the tsconfig, or packages. Default: none. */
  readonly codecs?: readonly string[];
  /** Severity by diagnostic code. CK13xx cannot be lowered. */
  readonly severities?: Readonly<Record<`CK${number}`, SeveritySetting>>;
  /** Warnings are errors. Default false. */
  readonly strict?: boolean;
  /** Folder of compiled files, relative to the tsconfig; false: none. Default node_modules/.cache/cachekit/plans. */
  readonly planCache?: string | false;
  /**
   * Writes a list of all cached functions: true for `cachekit.manifest.json` beside the tsconfig, or a path. Default
   * false.
   */
  readonly manifest?: boolean | string;
}

/** The checked options with defaults filled in; plain JSON. */
export interface ResolvedOptions extends SeverityOptions, BuildTypes {
  readonly namespace: string | undefined;
  readonly profiles: BuildProfiles;
  readonly library: boolean;
  readonly multiTenant: boolean;
  /** The word lists after the changes of the build. */
  readonly sensitiveNames: readonly string[];
  readonly sensitiveFields: readonly string[];
  readonly hotNames: readonly string[];
  readonly planCache: string | false | undefined;
  readonly manifest: string | false;
}

const OPTION_NAMES = [
  'profiles',
  'namespace',
  'library',
  'multiTenant',
  'sensitiveNames',
  'hotNames',
  'sensitiveTypes',
  'ignoredTypes',
  'codecs',
  'severities',
  'strict',
  'planCache',
  'manifest',
] as const satisfies readonly (keyof TransformerOptions)[];
const SEVERITIES: readonly string[] = ['error', 'warning', 'info', 'off'];

/** Keys of the entry that belong to ts-patch and the editor. */
const HOST_KEYS: readonly string[] = [
  'name',
  'transform',
  'transformProgram',
  'import',
  'type',
  'after',
  'afterDeclarations',
  'isEsm',
  'resolvePathAliases',
  'tsConfig',
];

/**
 * Checks the options and fills in defaults. A wrong option is reported (CK1408) and then treated as not written.
 *
 * @param raw the plugin entry as parsed JSON, or undefined
 * @param file the tsconfig, where the diagnostics point
 */
export function resolveOptions(
  raw: unknown,
  file: string,
): { readonly options: ResolvedOptions; readonly diagnostics: readonly Diagnostic[] } {
  const problems: Problem[] = [];
  const entry = raw === undefined || raw === null ? {} : asRecord(raw, 'the entry', problems);
  for (const key of Object.keys(entry)) {
    const isKnown = (OPTION_NAMES as readonly string[]).includes(key) || HOST_KEYS.includes(key); // widened only for the lookup
    if (!isKnown) problems.push({ option: key, suggestion: suggest(key, OPTION_NAMES) });
  }
  const sensitive = readNames(entry, 'sensitiveNames', problems);
  const options: ResolvedOptions = {
    namespace: readNamespace(entry['namespace'], problems),
    profiles: readProfiles(entry['profiles'], problems),
    library: readFlag(entry, 'library', problems),
    multiTenant: readFlag(entry, 'multiTenant', problems),
    sensitiveNames: changed(sensitiveFunctionNames, sensitive),
    sensitiveFields: changed(sensitiveFieldNames, { ...sensitive, add: [] }),
    hotNames: changed(hotFunctionNames, readNames(entry, 'hotNames', problems)),
    ...readBuildTypes(entry, (option, expected) => problems.push({ option, expected })),
    severities: readSeverities(entry['severities'], problems),
    strict: readFlag(entry, 'strict', problems),
    planCache: readPlanCache(entry['planCache'], problems),
    manifest: readManifestOption(entry['manifest'], problems),
  };
  const range = { start: 0, end: 0 };
  return {
    options,
    diagnostics: problems.map((args) => createDiagnostic({ code: 'CK1408', range, args }, file)),
  };
}

interface Problem {
  readonly option: string;
  readonly suggestion?: string | undefined;
  readonly expected?: string;
}

function asRecord(value: unknown, option: string, problems: Problem[]): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>; // just checked
  }
  problems.push({ option, expected: 'an object' });
  return {};
}

function readNamespace(value: unknown, problems: Problem[]): string | undefined {
  if (value === undefined || (typeof value === 'string' && isNamespace(value))) return value;
  problems.push({ option: 'namespace', expected: 'text that matches [a-z0-9._-]{1,64}' });
  return undefined;
}

function readFlag(
  entry: Readonly<Record<string, unknown>>,
  option: 'library' | 'multiTenant' | 'strict',
  problems: Problem[],
): boolean {
  const value = entry[option];
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  problems.push({ option, expected: 'true or false' });
  return false;
}

function readProfiles(value: unknown, problems: Problem[]): BuildProfiles {
  if (value === undefined) return {};
  const read = readBuildProfiles(asRecord(value, 'profiles', problems));
  problems.push(...read.problems);
  return read.profiles;
}

function readPlanCache(value: unknown, problems: Problem[]): string | false | undefined {
  if (value === undefined || value === false || (typeof value === 'string' && value !== '')) return value;
  problems.push({ option: 'planCache', expected: 'the path of a folder, or false' });
  return undefined;
}

function readManifestOption(value: unknown, problems: Problem[]): string | false {
  if (value === true) return 'cachekit.manifest.json';
  if (value === undefined || value === false) return false;
  if (typeof value === 'string' && value !== '') return value;
  problems.push({ option: 'manifest', expected: 'true, false or the path of a file' });
  return false;
}

function readNames(
  entry: Readonly<Record<string, unknown>>,
  option: 'sensitiveNames' | 'hotNames',
  problems: Problem[],
): Required<NameChanges> {
  const changes = entry[option] === undefined ? {} : asRecord(entry[option], option, problems);
  for (const key of Object.keys(changes)) {
    if (key === 'add' || key === 'remove') continue;
    const near = suggest(key, ['add', 'remove']);
    problems.push({
      option: `${option}.${key}`,
      suggestion: near === undefined ? near : `${option}.${near}`,
    });
  }
  const list = (key: 'add' | 'remove'): readonly string[] => {
    const value = changes[key];
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((word) => typeof word === 'string' && word !== '')) return value;
    problems.push({ option: `${option}.${key}`, expected: 'a list of words' });
    return [];
  };
  return { add: list('add'), remove: list('remove') };
}

function changed(names: readonly string[], changes: Required<NameChanges>): readonly string[] {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const kept = names.filter((name) => !changes.remove.some((word) => same(word, name)));
  return [...kept, ...changes.add.filter((word) => !kept.some((name) => same(word, name)))];
}

function readSeverities(value: unknown, problems: Problem[]): Readonly<Record<string, SeveritySetting>> {
  const entries = value === undefined ? {} : asRecord(value, 'severities', problems);
  const read: Record<string, SeveritySetting> = {};
  for (const [code, severity] of Object.entries(entries)) {
    const option = `severities.${code}`;
    if (!isCode(code)) problems.push({ option, suggestion: undefined });
    else if (!isSeverity(severity)) problems.push({ option, expected: SEVERITIES.join(', ') });
    else if (isProtected(code) && severity !== 'error') {
      problems.push({ option, expected: 'error: security diagnostics cannot be lowered' });
    } else read[code] = severity;
  }
  return read;
}

function isSeverity(value: unknown): value is SeveritySetting {
  return typeof value === 'string' && SEVERITIES.includes(value);
}
