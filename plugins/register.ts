// `node --import @cachekit/plugins/register app.ts`: a hook that compiles marked files as Node loads them; Node then
// strips the types. CACHEKIT_TSCONFIG names the tsconfig. Default: the nearest one above each file.
import { readFileSync } from 'node:fs';
import Module, { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mayContainMarker, openProject, type CompiledFile, type Diagnostic } from '@cachekit/transformer';
import { describeAt, placeOf } from './place.ts';
import { NOT_OURS, SOURCES, withoutQuery } from './sources.ts';

const tsconfig = process.env['CACHEKIT_TSCONFIG'];
const project = openProject(tsconfig === undefined || tsconfig === '' ? {} : { tsconfig });
/** Warnings already printed: every file repeats those about its tsconfig. */
const warned = new Set<string>();

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    // The last time that we hear of such a file.
    // Node 22 gives a Set for `require`, against its types.
    if (isTypeScriptTaken() && new Set(context.conditions).has('require')) refuseTaken(resolved.url);
    return resolved;
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith('file:') || !SOURCES.test(url) || NOT_OURS.test(url)) return loaded;
    const file = fileURLToPath(withoutQuery(url));
    // For CommonJS `source` is null, as Node reads the file later.
    const code = loaded.source == null ? readFileSync(file, 'utf8') : textOf(loaded.source);
    if (isStripped(file, loaded.format)) {
      // Comments may be gone with the types, so the text on disk says whether there are marks.
      const written = readFileSync(file, 'utf8');
      if (code !== written) return refuseStripped(file, written, loaded);
    }
    if (!mayContainMarker(code)) return loaded;
    // The entry of a program passes here; what it requires does not.
    if (loaded.format?.startsWith('commonjs') === true && isTypeScriptTaken()) refuseTaken(url);
    const compiled = project.compile(file, code);
    report(compiled.diagnostics, file, code);
    const isCommonJs = loaded.format?.startsWith('commonjs') === true;
    const source = isCommonJs ? withRequire(compiled) : compiled.code;
    // A source map is not needed: no line gets another number.
    return source === undefined ? loaded : { format: loaded.format, source, shortCircuit: true };
  },
});

/**
 * Throws all errors as one SyntaxError. Warnings go through Node's process warnings, which users can silence by code.
 */
function report(diagnostics: readonly Diagnostic[], file: string, code: string): void {
  const errors: string[] = [];
  for (const one of diagnostics) {
    const text = describeAt(one, placeOf(one, file, code));
    if (one.severity === 'error') errors.push(text);
    else if (one.severity === 'warning' && !warned.has(text)) {
      warned.add(text);
      process.emitWarning(text, { type: 'CacheKitWarning', code: one.code });
    }
  }
  if (errors.length > 0) throw errorOf(errors.join('\n'));
}

/** The error is in the named file; stack frames of this hook would only distract. */
function errorOf(message: string): SyntaxError {
  const error = new SyntaxError(message);
  error.stack = `${error.name}: ${message}`;
  return error;
}

/** A TypeScript file that another hook, such as tsx, loads as JavaScript. If its text differs, its types are gone. */
function isStripped(file: string, format: string | null | undefined): boolean {
  return /\.[cm]?tsx?$/.test(file) && (format === 'module' || format === 'commonjs');
}

/** True when a tool reads the TypeScript files of CommonJS itself, as tsx and ts-node do. No hook is asked for them. */
function isTypeScriptTaken(): boolean {
  return '.ts' in (Module as unknown as { _extensions: NodeJS.RequireExtensions })._extensions; // Node has none
}

/** @throws if `url` is a TypeScript file with marks */
function refuseTaken(url: string): void {
  if (!url.startsWith('file:') || !/\.[cm]?tsx?$/.test(withoutQuery(url)) || NOT_OURS.test(url)) return;
  const file = fileURLToPath(withoutQuery(url));
  if (!hasMarks(file, readFileSync(file, 'utf8'))) return;
  throw errorOf(
    `${file}: tsx, ts-node or a similar hook reads the TypeScript files of CommonJS itself, so cachekit cannot compile this one. Make it an ES module ("type": "module" in package.json), run it with node --import @cachekit/plugins/register alone, or build it.`,
  );
}

function hasMarks(file: string, written: string): boolean {
  if (!mayContainMarker(written)) return false;
  const { plans, diagnostics } = project.compile(file, written);
  return plans.length > 0 || diagnostics.some(({ severity }) => severity === 'error');
}

/** @throws if the file on disk has marks, which would silently do nothing */
function refuseStripped<T>(file: string, written: string, loaded: T): T {
  if (!hasMarks(file, written)) return loaded;
  throw errorOf(
    `${file}: another hook has taken the types out of this file before cachekit could read them. Name cachekit first: node --import @cachekit/plugins/register --import tsx …`,
  );
}

/**
 * Replaces the inserted imports by `require`. The head is the first insertion, at its own offset; imports are the last
 * line.
 */
function withRequire({ code, texts }: CompiledFile): string | undefined {
  if (code === undefined || texts === undefined) return code;
  const { headAt, head, headCjs, imports = '', importsCjs = '' } = texts;
  const end = imports === '' ? code.length : code.length - imports.length - 1;
  return code.slice(0, headAt) + headCjs + code.slice(headAt + head.length, end) + importsCjs;
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}
