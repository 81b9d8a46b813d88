// Records in the `.tsbuildinfo` of a project which source files of referenced projects its output depends on.
// TypeScript rebuilds a project when declarations of its references change, but code that cached functions reach can
// change without them. `cachekit build -b` compares the recorded files (cli/build-records.ts). `tspc -b` cannot, so
// what it writes also says that an emit is pending, which makes it check the project in every run.
import { dirname, relative, resolve } from 'node:path';
import type TS from 'typescript';
import { hashText } from '../plans/input-facts.ts';
import { transformerVersion } from '../version.ts';

/** What the build info of a program with markers says. */
export interface BuildRecord {
  /** The version of this package that built the project; '' when it was built without us. */
  readonly by: string;
  /**
   * Source files of referenced projects that the output depends on: path relative to the folder of the build info, and
   * hash of the text. Sorted.
   */
  readonly code: readonly (readonly [file: string, hash: string])[];
}

/**
 * The parts of a build info that matter here, as TypeScript 6.0 writes them. The dependency is pinned to that version.
 */
interface BuildInfo {
  /** Undefined when the project is not incremental. */
  readonly fileNames?: readonly string[];
  /** Names or numbers of files. */
  readonly root?: readonly unknown[];
  /** Numbers of the files still to be written, from 1; paired with the kind of output unless all of it is pending. */
  affectedFilesPendingEmit?: readonly unknown[];
  /** Whether the types are still to be checked. Only in projects that are not incremental. */
  checkPending?: boolean;
  /** `isAsked`: the pending work was put in by `askAgain`. */
  cachekit?: BuildRecord & { readonly isAsked?: boolean };
}

type Write = TS.WriteFileCallback;
type EmitBuildInfo = (write: Write, ...rest: unknown[]) => TS.EmitResult;

/** What to record in a build info. */
export interface RecordOptions {
  /** Source files of referenced projects that the output depends on: absolute path → text. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether the next `-b` of this host compares these files. If not, it is made to check the project. */
  readonly isCompared: boolean;
}

/** Makes `program` write the record into its build info. */
export function recordInBuildInfo(program: TS.Program, { texts, isCompared }: RecordOptions): void {
  const open = program as unknown as { emitBuildInfo?: EmitBuildInfo }; // internal: all builders write through it
  const emit = open.emitBuildInfo?.bind(program);
  if (emit === undefined) return;
  open.emitBuildInfo = (write, ...rest) =>
    emit(
      (path, text, mark, onError, sources, data) => {
        const info = (data as { buildInfo?: BuildInfo } | undefined)?.buildInfo; // internal: the object that builders keep
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
 * Makes the next `-b` check the project, by saying that work is pending: the emit of a declaration file, or, without a
 * list of files, the type check. Declaration files have no output, so the pending emit costs a program but writes
 * nothing.
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

/**
 * Whether this version of the package made the output, from the referenced code as it is now. `path`: of the build
 * info.
 */
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

/** A build info as read from disk. */
export interface ReadBuildInfo {
  /** The text to give TypeScript: work is pending in it exactly when the output is out of date. */
  readonly text: string;
  /** Undefined: a project without markers. */
  readonly record: BuildRecord | undefined;
}

/**
 * Reads a build info before TypeScript does.
 *
 * @param isMarked asked about the source files of a project that was built without us
 */
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
    return undefined; // TypeScript treats it as missing
  }
}

function hasMarks(path: string, info: BuildInfo, isMarked: (file: string) => boolean): boolean {
  const names = [...(info.fileNames ?? []), ...(info.root ?? [])].filter((name) => typeof name === 'string');
  return names.some((name) => !/\.d\.[cm]?ts$/.test(name) && isMarked(resolve(dirname(path), name)));
}

/** Undoes `askAgain`. */
function forgetAsked(info: BuildInfo): void {
  if (info.fileNames === undefined) delete info.checkPending;
  else delete info.affectedFilesPendingEmit;
}
