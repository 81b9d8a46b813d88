// Finds a cached function in the output of a build, by its id, which survives bundling and minifying. If the id is
// missing, finds out whether the code of the function is there.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { positionAt } from '../diagnostics/position.ts';
import { UsageError } from './cli-context.ts';
import { readText } from './compile-all.ts';
import { mappedLines, readSourceMap, type SourceMap } from './source-map.ts';

/**
 * - `found`: the cached function is in the output
 * - `stale`: it is there, but was made from code that has changed since
 * - `lost`: the function is in the output, but uncached
 * - `gone`: the function is not in the output
 * - `unknown`: either `lost` or `gone`
 */
export type Found = 'found' | 'stale' | 'lost' | 'gone' | 'unknown';

export interface Output {
  readonly files: readonly OutputFile[];
}

interface OutputFile {
  readonly path: string;
  /** The text with escapes in strings resolved, as bundlers write `é` as `\xE9`. */
  readonly text: string;
  readonly map: SourceMap | undefined;
}

const SCRIPT = /\.[cm]?jsx?$/;

/** @throws UsageError when the path does not exist */
export function readOutput(dist: string, cwd: string): Output {
  const root = resolve(cwd, dist);
  const found = statSync(root, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`There is no ${dist}. Build first.`);
  const paths = found.isDirectory()
    ? readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => SCRIPT.test(name) && !/(?:^|[\\/])node_modules[\\/]/.test(name))
        .map((name) => join(root, name))
    : [root];
  return { files: paths.toSorted().map(readOutputFile) };
}

function readOutputFile(path: string): OutputFile {
  const text = readFileSync(path, 'utf8');
  return { path, text: unescape(text), map: readSourceMap(text, dirname(path)) };
}

/** `\\x41` is an escaped backslash before `x41`, so each backslash is read together with what it escapes. */
function unescape(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|([^]))/gi,
    (all: string, hex?: string, unicode?: string, point?: string, char = '') => {
      const digits = hex ?? unicode ?? point;
      if (digits === undefined) return /["'`\\]/.test(char) ? char : all;
      const code = Number.parseInt(digits, 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
    },
  );
}

/** Looks for the function of a plan. */
export function findSite(plan: CachePlan, output: Output): Found {
  const codes = output.files.flatMap((file) => codesOf(file.text, plan.id));
  // Any matching fingerprint is enough: the folder may still contain files of earlier builds.
  if (codes.length > 0) return codes.includes(plan.codeHash) ? 'found' : 'stale';
  const lines = linesOf(plan);
  const mapped = output.files.map((file) => stateInMap(file, plan, lines));
  if (mapped.includes('lost')) return 'lost';
  if (output.files.some((file) => isOutputOf(file, plan))) return 'lost';
  return mapped.includes('gone') ? 'gone' : 'unknown';
}

/**
 * The code fingerprints in descriptors with that id. The id alone proves nothing: as a `name` it is also in the comment
 * or the options that the user wrote. A whole literal, as `a#load` must not match `a#loadMore`. The pattern stops at the
 * next descriptor.
 */
function codesOf(text: string, id: string): readonly string[] {
  const next = /\bv["']?:\s*1,\s*["']?id["']?:/.source;
  const code = new RegExp(`^(?:(?!${next})[^]){0,4000}?\\bcode["']?:\\s*["'\`]([0-9a-f]{16})["'\`]`);
  const behind = ['"', "'", '`'].flatMap((quote) => text.split(`${quote}${id}${quote}`).slice(1));
  return behind.flatMap((rest) => code.exec(rest)?.[1] ?? []);
}

/** Lines of the function's body, which must be in the output if the function is. */
function linesOf({ file, marker }: CachePlan): { readonly first: number; readonly last: number } {
  const text = readText(file) ?? '';
  const { body, nameRange, node } = marker.target;
  const line = (offset: number) => positionAt(text, offset).line;
  return { first: line(body?.open ?? nameRange.start), last: line(body?.close ?? node.end) };
}

/** What the source map of an output file tells about the function. */
function stateInMap(
  { map }: OutputFile,
  { file }: CachePlan,
  { first, last }: { readonly first: number; readonly last: number },
): Found {
  const index = map?.sources.findIndex((source) => isSameSource(source, file)) ?? -1;
  if (map === undefined || index === -1) return 'unknown';
  const lines = mappedLines(map, index);
  for (let line = first; line <= last; line++) if (lines.has(line)) return 'lost';
  return 'gone';
}

/** Sources of a map are absolute paths, or have a bundler's scheme in front (`webpack://app/./src/a.ts`). */
function isSameSource(source: string, file: string): boolean {
  if (source === file) return true;
  const path = /^[\w.+-]+:\/\/\/?(?:[^/]*\/)?(?:\.\/)?(.+?)(?:\?.*)?$/.exec(source)?.[1];
  return path !== undefined && path.includes('/') && file.endsWith(`/${path}`);
}

/** Without a map: an output file with the name of the source file that has a function of that name. */
function isOutputOf({ path, text, map }: OutputFile, { file, marker }: CachePlan): boolean {
  if (map !== undefined || stem(path) !== stem(file)) return false;
  const name = marker.target.name.replaceAll('$', '\\$');
  return new RegExp(`(?<![\\w$.])${name}\\s*[(=:]`).test(text);
}

function stem(path: string): string | undefined {
  return /([^\\/]*)\.[cm]?[jt]sx?$/.exec(path)?.[1];
}
