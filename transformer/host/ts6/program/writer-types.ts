// WriterTypes with the type checker: resolves the names and values in `@cacheInvalidate` as at the place of the
// function.
import type TS from 'typescript';
import type { Range, Target } from '../../../1-scan/marker.ts';
import type { InvalidationArg } from '../../../1-scan/writer.ts';
import type { TargetAnswer, WriterTypes } from '../../../3-plan/writer-types.ts';
import { suggest } from '../../../diagnostics/suggest.ts';
import { findFunction } from '../types/find-function.ts';
import { type CheckContext, contextOf, type TypeScript } from '../types/origin.ts';
import { mismatchOf } from './given-args.ts';
import { nameAt } from './name-at.ts';
import { siteOf } from './sites.ts';
import { thisType, typeOfPath, valueAnswer } from './values.ts';

/** Answers questions about the writers of `file`. It holds on to the program: drop both together. */
export function createWriterTypes(ts: TypeScript, program: TS.Program, file: TS.SourceFile): WriterTypes {
  const context = contextOf(ts, program, program.getTypeChecker());
  const find = (range: Range) => findFunction(ts, file, range);
  return {
    targetOf: (writer, path, args) => targetOf(context, find(writer.node), path, args),
    valueOf: (writer, path) => valueAnswer(context, find(writer.node), path),
    resultOf: (writer) => ({ foreignThen: foreignThen(context, find(writer.node), writer) }),
  };
}

type Fn = TS.SignatureDeclaration;

function targetOf(
  context: CheckContext,
  fn: Fn,
  path: readonly string[],
  args: readonly InvalidationArg[] | undefined,
): TargetAnswer {
  const { checker } = context;
  const found = symbolAt(context, fn, path);
  if (typeof found === 'string') return { ok: false, why: found, suggestion: nearest(context, fn, path) };
  const site = siteOf(context, found);
  if (site === undefined)
    return { ok: false, why: 'is not a cached function', suggestion: nearest(context, fn, path) };
  const { marker } = site;
  const refuse = (why: string): TargetAnswer => ({ ok: false, why, suggestion: undefined });
  if (marker?.kind === 'comment' && marker.target.reach === undefined)
    return refuse('stands where module scope cannot reach it; cache it with cached()');
  const isPrototype = path.includes('prototype') && marker?.target.form === 'method';
  if (isPrototype && marker.directive.options.some((option) => option.name === 'self'))
    return refuse('has entries that belong to an object; name the object');
  const type = checker.getTypeOfSymbolAtLocation(found, fn);
  const given = args?.map((arg) => ({ text: arg.text, type: typeOfArg(context, fn, arg) }));
  return {
    ok: true,
    place: site.place,
    mismatch: given === undefined ? undefined : mismatchOf(context, type, given, fn),
    files: (found.declarations ?? [])
      .concat(aliasTarget(context, found)?.declarations ?? [])
      .map((declaration) => declaration.getSourceFile().fileName),
  };
}

/** What an import or re-export refers to; undefined for other symbols. */
function aliasTarget({ ts, checker }: CheckContext, symbol: TS.Symbol): TS.Symbol | undefined {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? undefined : checker.getAliasedSymbol(symbol);
}

/** What a path of names refers to at the function; a string says why it refers to nothing. */
function symbolAt(context: CheckContext, fn: Fn, path: readonly string[]): TS.Symbol | string {
  const { ts, checker } = context;
  const [root = '', ...steps] = path;
  let symbol: TS.Symbol | undefined;
  let type: TS.Type | undefined;
  if (root === 'this') type = thisType(context, fn);
  else {
    symbol = inScope(context, fn, root);
    if (symbol === undefined) return 'is not a name that is known here';
    if (symbol.declarations?.some((one) => ts.isTypeOnlyImportOrExportDeclaration(one)) === true)
      return 'is imported as a type only';
    const meant = aliasTarget(context, symbol) ?? symbol;
    if ((meant.flags & ts.SymbolFlags.Value) === 0) return 'is not a value';
    type = checker.getTypeOfSymbolAtLocation(meant, fn);
    // Asking for the type marks the import as used, as the emitted code will use it: it is then neither removed nor
    // reported.
    if (meant !== symbol) checker.getTypeAtLocation(nameAt(ts, root, fn.parent));
  }
  for (const step of steps) {
    const property = type === undefined ? undefined : checker.getPropertyOfType(type, step);
    if (property === undefined) return 'is not a cached function';
    symbol = property;
    type = checker.getTypeOfSymbolAtLocation(property, fn);
  }
  return symbol ?? 'is not a cached function';
}

/**
 * What a name refers to among the parameters and outside of the function. Names declared in its body are not visible.
 */
function inScope({ ts, checker }: CheckContext, fn: Fn, name: string): TS.Symbol | undefined {
  const body = 'body' in fn ? (fn.body as TS.Node | undefined) : undefined; // every body is a node
  const isInBody = (symbol: TS.Symbol) =>
    body !== undefined &&
    (symbol.declarations ?? []).some(
      (one) => one.getSourceFile() === fn.getSourceFile() && one.pos >= body.pos && one.end <= body.end,
    );
  const found = checker.resolveName(name, fn, ts.SymbolFlags.Value, false);
  return found !== undefined && isInBody(found)
    ? checker.resolveName(name, fn.parent, ts.SymbolFlags.Value, false)
    : found;
}

/**
 * The path to the cached function that was probably meant: the method of that name, else one of a similar name, in scope
 * or in the same object.
 */
function nearest(context: CheckContext, fn: Fn, path: readonly string[]): string | undefined {
  const last = path.at(-1) ?? '';
  const owner = path.slice(0, -1);
  if (owner.length === 0) {
    const method = suggest(last, cachedNames(context, thisType(context, fn)?.getProperties() ?? []));
    const ofObject = method === undefined ? undefined : `this.${method}`;
    if (method === last) return ofObject;
    return suggest(last, cachedNames(context, namesInScope(context, fn))) ?? ofObject;
  }
  const found = owner.join('.') === 'this' ? thisType(context, fn) : symbolAt(context, fn, owner);
  if (found === undefined || typeof found === 'string') return undefined;
  const type =
    'flags' in found && 'escapedName' in found ? context.checker.getTypeOfSymbolAtLocation(found, fn) : found;
  const near = suggest(last, cachedNames(context, type.getProperties()));
  return near === undefined ? undefined : [...owner, near].join('.');
}

function namesInScope({ ts, checker }: CheckContext, fn: Fn): readonly TS.Symbol[] {
  return checker
    .getSymbolsInScope(fn, ts.SymbolFlags.Value | ts.SymbolFlags.Alias)
    .filter(
      (symbol) => symbol.declarations?.some((one) => one.getSourceFile() === fn.getSourceFile()) === true,
    );
}

/** The names of those that are cached functions. */
function cachedNames(context: CheckContext, symbols: readonly TS.Symbol[]): readonly string[] {
  return symbols.filter((symbol) => siteOf(context, symbol) !== undefined).map((one) => one.name);
}

function typeOfArg(context: CheckContext, fn: Fn, arg: InvalidationArg): TS.Type {
  const { checker } = context;
  if (arg.kind === 'path') {
    const value = typeOfPath(context, fn, arg);
    return value.ok ? value.type : checker.getAnyType(); // reported as CK1011
  }
  const { value } = arg;
  switch (typeof value) {
    case 'string':
      return checker.getStringLiteralType(value);
    case 'number':
      return checker.getNumberLiteralType(value);
    case 'boolean':
      return value ? checker.getTrueType() : checker.getFalseType();
    case 'undefined':
      return checker.getUndefinedType();
    default:
      if (value === null) return checker.getNullType();
      return checker.getBigIntLiteralType({
        negative: value.bigint.startsWith('-'),
        base10Value: value.bigint.replace('-', ''),
      });
  }
}

/**
 * The type of the result, if it is a thenable but not a Promise. A lazy thenable starts its work when it is awaited, so
 * awaiting it in the emitted code would change what the function does.
 */
function foreignThen({ ts, checker }: CheckContext, fn: Fn, writer: Target): string | undefined {
  const signature = writer.async ? undefined : checker.getSignatureFromDeclaration(fn);
  if (signature === undefined) return undefined;
  const result = checker.getReturnTypeOfSignature(signature);
  const parts = result.isUnion() ? result.types : [result];
  const foreign = parts.find((part) => {
    if ((part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0) return false;
    return part.symbol?.name !== 'Promise' && checker.getPropertyOfType(part, 'then') !== undefined;
  });
  return foreign === undefined ? undefined : checker.typeToString(foreign);
}
