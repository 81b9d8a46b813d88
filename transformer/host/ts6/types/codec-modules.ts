// Reads the modules of the build option `codecs`: the classes for which their exports are codecs.
import { dirname, resolve } from 'node:path';
import type ts from 'typescript';
import type { ClassReach } from '../../../2-shape/type-shape.ts';
import { codedType, idIn, type FoundCodec } from './codec-parts.ts';
import { type CheckContext, resolvedSymbol } from './origin.ts';

interface Definition extends FoundCodec {
  readonly module: CodecModule;
  /** Name of the export. */
  readonly exported: string;
}

interface CodecModule {
  /** The module as the option names it. */
  readonly written: string;
  readonly file: ts.SourceFile;
}

/** By program, and by the list of modules as JSON: class → codec. */
const known = new WeakMap<ts.Program, Map<string, ReadonlyMap<ts.Symbol, Definition>>>();

/** The codec that a module of the option exports for a class, and how emitted code imports it; undefined: none. */
export function findDefinition(
  context: CheckContext,
  symbol: ts.Symbol,
): (FoundCodec & { readonly reach: ClassReach }) | undefined {
  const names = context.build?.codecs ?? [];
  if (names.length === 0) return undefined;
  let lists = known.get(context.program);
  if (lists === undefined) known.set(context.program, (lists = new Map()));
  const key = JSON.stringify(names);
  let definitions = lists.get(key);
  if (definitions === undefined) lists.set(key, (definitions = readModules(context, names)));
  const found = definitions.get(symbol);
  if (found === undefined) return undefined;
  const { written, file } = found.module;
  return {
    id: found.id,
    type: found.type,
    reach: { kind: 'module', from: specifierOf(context, written, file), name: found.exported, foreign: true },
  };
}

/** The modules of the option. `source` undefined: the program does not have the module. */
export function codecModules(
  context: CheckContext,
): readonly { readonly written: string; readonly source: ts.SourceFile | undefined }[] {
  return (context.build?.codecs ?? []).map((written) => ({ written, source: moduleOf(context, written) }));
}

function readModules(context: CheckContext, names: readonly string[]): ReadonlyMap<ts.Symbol, Definition> {
  const { checker } = context;
  const found = new Map<ts.Symbol, Definition>();
  for (const written of names) {
    const file = moduleOf(context, written);
    const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
    if (file === undefined || symbol === undefined) continue;
    for (const exported of checker.getExportsOfModule(symbol)) {
      const definition = definitionOf(context, exported, { written, file });
      if (definition !== undefined && !found.has(definition.of)) found.set(definition.of, definition);
    }
  }
  return found;
}

function definitionOf(
  context: CheckContext,
  exported: ts.Symbol,
  module: CodecModule,
): (Definition & { readonly of: ts.Symbol }) | undefined {
  const { ts, checker } = context;
  const node = resolvedSymbol(context, exported)?.valueDeclaration;
  if (node === undefined || !ts.isVariableDeclaration(node)) return undefined;
  const of = codedType(context, checker.getTypeAtLocation(node))?.symbol;
  const call = node.initializer;
  const argument = call !== undefined && ts.isCallExpression(call) ? call.arguments[1] : undefined;
  if (of === undefined || argument === undefined) return undefined;
  return {
    of,
    module,
    exported: exported.name,
    id: idIn(context, argument),
    type: checker.getTypeAtLocation(argument),
  };
}

/** Finds a module: a path relative to the tsconfig, with the extension of the source or of its output, or a package. */
function moduleOf(context: CheckContext, written: string): ts.SourceFile | undefined {
  const { ts, program } = context;
  const options = program.getCompilerOptions();
  const { configFilePath } = options as { readonly configFilePath?: unknown }; // not in the published types
  const config =
    typeof configFilePath === 'string' ? configFilePath : `${program.getCurrentDirectory()}/tsconfig.json`;
  if (/^[./]/.test(written)) {
    const path = resolve(dirname(config), written).replaceAll('\\', '/');
    const stem = path.replace(/\.[cm]?js$/, '');
    const found = [path, ...ENDINGS.map((ending) => `${stem}.${ending}`)].map((one) =>
      program.getSourceFile(one),
    );
    return found.find((file) => file !== undefined);
  }
  const { resolvedModule } = ts.resolveModuleName(written, config, options, ts.sys);
  return resolvedModule === undefined ? undefined : program.getSourceFile(resolvedModule.resolvedFileName);
}

const ENDINGS: readonly string[] = ['ts', 'tsx', 'mts', 'cts', 'js', 'mjs', 'cjs'];
const JAVASCRIPT: Readonly<Record<string, string>> = { ts: 'js', tsx: 'js', mts: 'mjs', cts: 'cjs' };

/**
 * The specifier for the emitted import: packages as written, files with the extension that imports of the project have.
 */
function specifierOf(context: CheckContext, written: string, module: ts.SourceFile): string {
  const { ts, program, file } = context;
  if (!written.startsWith('.') || file === undefined) return written;
  const options = program.getCompilerOptions();
  const path = relativePath(file.fileName, module.fileName);
  // Where TypeScript rewrites the user's imports on output, it rewrites this one too.
  if (options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true)
    return path;
  const [, stem = path, ending = ''] = /^(.*)\.([^./]+)$/.exec(path) ?? [];
  const script = JAVASCRIPT[ending];
  if (script === undefined) return path;
  const isNode =
    options.moduleResolution === undefined ||
    options.moduleResolution === ts.ModuleResolutionKind.Node16 ||
    options.moduleResolution === ts.ModuleResolutionKind.NodeNext;
  return isNode || script !== 'js' ? `${stem}.${script}` : stem;
}

function relativePath(from: string, to: string): string {
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let shared = 0;
  while (shared < here.length && here[shared] === there[shared]) shared++;
  const up = here.length - shared;
  return `${up === 0 ? './' : '../'.repeat(up)}${there.slice(shared).join('/')}`;
}
