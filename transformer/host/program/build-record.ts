// TypeScript decides by declarations whether a project with references has to be built again, and they do not change with the
// code that cached functions reach. So the `.tsbuildinfo` of a project says which files of referenced projects they reached:
// `cachekit build -b` compares them (cli/build-records.ts). `tspc -b` cannot, so what it writes says as well that something is
// left to do: then it looks at the project in each run.
import { dirname, relative, resolve } from 'node:path';
import type TS from 'typescript';
import { hashText } from '../plans/input-facts.ts';
import { transformerVersion } from '../version.ts';

/** Of a program with marks. */
export interface BuildRecord {
  /** The version of this package. */
  readonly by: string;
  /** Sources of referenced projects that decided about the output, by path from the folder of the build info, with the hash of their text. */
  readonly code: readonly (readonly [file: string, hash: string])[];
}

/** What TypeScript writes, as far as it matters here: version 6.0, to which the dependency is pinned. */
interface BuildInfo {
  /** Not in those of projects that are not incremental. */
  readonly fileNames?: readonly string[];
  /** Names or numbers. */
  readonly root?: readonly unknown[];
  /** Numbers of files, from 1; with a kind unless all of it is to be written. */
  affectedFilesPendingEmit?: readonly unknown[];
  /** Only where nothing is incremental: whether the types are still to be checked. */
  checkPending?: boolean;
  cachekit?: BuildRecord & { readonly isAsked?: boolean };
}

type Write = TS.WriteFileCallback;
type EmitBuildInfo = (write: Write, ...rest: unknown[]) => TS.EmitResult;

export interface RecordOptions {
  /** Texts of sources of referenced projects, by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The next `-b` compares them. Else it has to look at the project. */
  readonly isCompared: boolean;
}

/** Has them written into the build info of `program`. */
export function recordInBuildInfo(program: TS.Program, { texts, isCompared }: RecordOptions): void {
  const open = program as unknown as { emitBuildInfo?: EmitBuildInfo }; // internal: all builders write it by this
  const emit = open.emitBuildInfo?.bind(program);
  if (emit === undefined) return;
  open.emitBuildInfo = (write, ...rest) =>
    emit(
      (path, text, mark, onError, sources, data) => {
        const info = (data as { buildInfo?: BuildInfo } | undefined)?.buildInfo; // internal, and what builders keep
        if (info === undefined) return write(path, text, mark, onError, sources, data);
        info.cachekit = { by: transformerVersion(), code: codeOf(texts, dirname(path)) };
        if (texts.size > 0 && !isCompared) askAgain(info);
        write(path, JSON.stringify(info), mark, onError, sources, data);
      },
      ...rest,
    );
}

function codeOf(texts: ReadonlyMap<string, string>, folder: string): BuildRecord['code'] {
  const all = [...texts].map(([file, text]): [string, string] => [
    relative(folder, file).replaceAll('\\', '/'),
    hashText(text),
  ]);
  return all.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Has `-b` look at the project. Declarations are never written, so one that waits for it costs a program and no output.
 */
function askAgain(info: BuildInfo): void {
  if (info.fileNames === undefined) {
    if (info.checkPending === true) return;
    info.checkPending = true;
  } else {
    const at = info.fileNames.findIndex((name) => /\.d\.[cm]?ts$/.test(name));
    if (at === -1 || (info.affectedFilesPendingEmit ?? []).length > 0) return;
    info.affectedFilesPendingEmit = [[at + 1, JAVASCRIPT]];
  }
  info.cachekit = { ...(info.cachekit ?? NOTHING_KNOWN), isAsked: true };
}

/** `BuilderFileEmit.Js` of TypeScript. */
const JAVASCRIPT = 1;
const NOTHING_KNOWN: BuildRecord = { by: '', code: [] };

/** Whether the output is what the sources say. */
export function isCurrent(
  path: string,
  { by, code }: BuildRecord,
  read: (file: string) => string | undefined,
): boolean {
  const folder = dirname(path);
  return (
    by === transformerVersion() &&
    code.every(([file, hash]) => hashText(read(resolve(folder, file)) ?? '') === hash)
  );
}

export interface ReadBuildInfo {
  /** For TypeScript: the project is looked at exactly if that is needed. */
  readonly text: string;
  /** Undefined: a project without marks. */
  readonly record: BuildRecord | undefined;
}

/** @param isMarked asked about source files of a project whose build info was not written by us */
export function readBuildInfo(
  path: string,
  text: string,
  read: (file: string) => string | undefined,
  isMarked: (file: string) => boolean,
): ReadBuildInfo {
  const info = parse(text);
  if (info === undefined) return { text, record: undefined };
  const record = info.cachekit ?? (hasMarks(path, info, isMarked) ? NOTHING_KNOWN : undefined);
  if (record === undefined) return { text, record };
  if (isCurrent(path, record, read)) {
    if (info.cachekit?.isAsked === true) forgetAsked(info);
  } else askAgain(info);
  return { text: JSON.stringify(info), record };
}

function parse(text: string): BuildInfo | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // TypeScript takes it for missing
  }
}

function hasMarks(path: string, info: BuildInfo, isMarked: (file: string) => boolean): boolean {
  const names = [...(info.fileNames ?? []), ...(info.root ?? [])].filter((name) => typeof name === 'string');
  return names.some((name) => !/\.d\.[cm]?ts$/.test(name) && isMarked(resolve(dirname(path), name)));
}

function forgetAsked(info: BuildInfo): void {
  if (info.fileNames === undefined) delete info.checkPending;
  else delete info.affectedFilesPendingEmit;
}
