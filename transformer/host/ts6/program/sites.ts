// Finds the cached function that a symbol refers to, through imports, objects and classes.
import type TS from 'typescript';
import type { Marker, ScanResult } from '../../../1-scan/marker.ts';
import { mayContainMarker } from '../../../1-scan/may-contain-marker.ts';
import { findTags } from '../../../1-scan/scan-comments.ts';
import { scanFile } from '../../../1-scan/scan-file.ts';
import type { SitePlace } from '../../../3-plan/writer-types.ts';
import { createForeignNames } from '../syntax/foreign-names.ts';
import { createSyntaxReader } from '../syntax/syntax-reader.ts';
import { unwrap } from '../syntax/tree.ts';
import { type CheckContext, resolvedSymbol } from '../types/origin.ts';

/** A cached function. Both are undefined when it is in a package, whose sources the program does not have. */
export interface FoundSite {
  readonly place: SitePlace | undefined;
  readonly marker: Marker | undefined;
}

const scanned = new WeakMap<TS.SourceFile, ReadonlyMap<number, Marker>>();

/** The markers of a file, by the end of their function or call. */
function markersOf(context: CheckContext, file: TS.SourceFile): ReadonlyMap<number, Marker> {
  const known = scanned.get(file);
  if (known !== undefined) return known;
  const isMarked = !file.isDeclarationFile && mayContainMarker(file.text);
  const scan = isMarked
    ? scanFile(createSyntaxReader(context.ts, file, createForeignNames(context)))
    : { markers: [], refused: [] };
  return rememberMarkers(file, scan);
}

/**
 * Remembers the markers of a file, so that it is not scanned again. Returns them by the end of their function or call,
 * those with an error too: that a function is not cached because of it is reported where it is marked.
 */
export function rememberMarkers(
  file: TS.SourceFile,
  { markers, refused }: Pick<ScanResult, 'markers' | 'refused'>,
): ReadonlyMap<number, Marker> {
  const byEnd = new Map([...refused, ...markers].map((marker) => [endOf(marker), marker]));
  scanned.set(file, byEnd);
  return byEnd;
}

/** The offset at which the marked function or call ends. It identifies the marker within its file. */
export function endOf({ call, target }: Marker): number {
  return call === undefined ? target.node.end : call.argsEnd + 1;
}

/** The cached function that a symbol refers to; undefined: it refers to something else. */
export function siteOf(context: CheckContext, symbol: TS.Symbol | undefined): FoundSite | undefined {
  const meant = resolvedSymbol(context, symbol);
  if (meant === undefined) return undefined;
  const { ts } = context;
  for (const declaration of meant.declarations ?? []) {
    const file = declaration.getSourceFile();
    if (file.isDeclarationFile) {
      if (isMarkedIn(ts, declaration, file)) return { place: undefined, marker: undefined };
      continue;
    }
    const value = valueOf(ts, declaration);
    const marker = value === undefined ? undefined : markersOf(context, file).get(value.end);
    if (value !== undefined && marker !== undefined && isOf(ts, value, marker))
      return { place: { file: file.fileName, end: value.end }, marker };
  }
  return hasHandle(context, meant) ? { place: undefined, marker: undefined } : undefined;
}

/** The function or expression that is the value of a declaration. */
function valueOf(ts: typeof TS, declaration: TS.Node): TS.Node | undefined {
  if (ts.isFunctionLike(declaration)) return declaration;
  const isHolder =
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isPropertyDeclaration(declaration);
  if (isHolder)
    return declaration.initializer === undefined ? undefined : unwrap(ts, declaration.initializer);
  return ts.isExportAssignment(declaration) ? unwrap(ts, declaration.expression) : undefined;
}

/** Whether the value has the form that the marker belongs to. */
function isOf(ts: typeof TS, value: TS.Node, { kind }: Marker): boolean {
  return kind === 'call' ? ts.isCallExpression(value) : ts.isFunctionLike(value);
}

/** Whether the declaration in a declaration file has a marker: the comments of functions are kept there. */
function isMarkedIn(ts: typeof TS, declaration: TS.Node, file: TS.SourceFile): boolean {
  let node = declaration;
  if (ts.isVariableDeclaration(node)) node = node.parent.parent;
  const comments = ts.getLeadingCommentRanges(file.text, node.pos) ?? [];
  return comments.some(({ pos, end }) => {
    const comment = file.text.slice(pos, end);
    return comment.startsWith('/**') && findTags(comment, 'doc').tags.length > 0;
  });
}

/** Whether the type is that of a `cached()` result, which has a property `cache` of type CacheHandle. */
function hasHandle({ checker }: CheckContext, symbol: TS.Symbol): boolean {
  const handle = checker.getPropertyOfType(checker.getTypeOfSymbol(symbol), 'cache');
  return handle !== undefined && checker.getTypeOfSymbol(handle).symbol?.name === 'CacheHandle';
}
