// The editor's side: our diagnostics beside TypeScript's, and their fixes as quick fixes.
import type TS from 'typescript';
import { catalogue } from '../diagnostics/catalogue.ts';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import { resolveOptions } from '../options.ts';
import { createSourceCompiler, type SourceCompiler } from './compile-source.ts';
import { FIRST_CODE, toTsDiagnostic } from './program/diagnostics-to-ts.ts';
import { isSupported, unsupportedDiagnostic } from './supported-typescript.ts';

type Ts = typeof TS;

/** What a plugin of tsserver is. */
export function createEditorPlugin({ typescript: ts }: { readonly typescript: Ts }): TS.server.PluginModule {
  return { create: (info) => decorate(ts, info) };
}

function decorate(ts: Ts, info: TS.server.PluginCreateInfo): TS.LanguageService {
  const { languageService: inner } = info;
  const find = createFinder(ts, info);
  const ask = <T>(question: () => readonly T[]): readonly T[] => {
    try {
      return question();
    } catch (error) {
      // Code is half-typed most of the time; an editor without our findings beats one without TypeScript's.
      info.project.projectService.logger.info(
        `cachekit: ${error instanceof Error ? error.stack : String(error)}`,
      );
      return [];
    }
  };
  return {
    ...inner,
    getSemanticDiagnostics(file) {
      const own = ask(() => {
        const source = inner.getProgram()?.getSourceFile(file);
        return find(file).map((one) => toTsDiagnostic(ts, source, one));
      });
      return [...inner.getSemanticDiagnostics(file), ...own];
    },
    getCodeFixesAtPosition(file, start, end, codes, format, preferences) {
      const own = ask(() =>
        find(file)
          .filter(
            (one) =>
              codes.includes(numberOf(one.code)) &&
              one.range.start < Math.max(end, start + 1) &&
              start <= one.range.end,
          )
          .flatMap((one) => one.fixes.map((fix) => toCodeFix(file, fix))),
      );
      const theirs = codes.filter((code) => code < FIRST_CODE);
      const found =
        theirs.length === 0
          ? []
          : inner.getCodeFixesAtPosition(file, start, end, theirs, format, preferences);
      return [...found, ...own];
    },
    getSupportedCodeFixes: (file) => [
      ...inner.getSupportedCodeFixes(file),
      // Editors ask for fixes of these numbers only.
      ...Object.keys(catalogue).map((code) => String(numberOf(code))),
    ],
  };
}

/** Errors and warnings of a file; nothing while it does not parse. */
function createFinder(ts: Ts, info: TS.server.PluginCreateInfo): (file: string) => readonly Diagnostic[] {
  const { options } = resolveOptions(info.config, '');
  const compile: SourceCompiler = isSupported(ts)
    ? createSourceCompiler(ts, options)
    : (_program, source) => unsupportedDiagnostic(ts.version, source.fileName, source.text);
  /** Of one program: the next edit makes another. */
  const known = new WeakMap<TS.Program, Map<string, readonly Diagnostic[]>>();
  return (file) => {
    const program = info.languageService.getProgram();
    const source = program?.getSourceFile(file);
    if (program === undefined || source === undefined || source.isDeclarationFile) return [];
    const files = known.get(program) ?? new Map<string, readonly Diagnostic[]>();
    known.set(program, files);
    const before = files.get(file);
    if (before !== undefined) return before;
    const isWhole = program.getSyntacticDiagnostics(source).length === 0;
    const found = isWhole ? (compile(program, source, [])?.diagnostics ?? []) : [];
    const shown = found.filter((one) => one.severity !== 'info');
    files.set(file, shown);
    return shown;
  };
}

function toCodeFix(file: string, fix: Fix): TS.CodeFixAction {
  const textChanges = fix.edits.map(({ start, end, text }) => ({
    span: { start, length: end - start },
    newText: text,
  }));
  return { fixName: 'cachekit', description: fix.title, changes: [{ fileName: file, textChanges }] };
}

function numberOf(code: string): number {
  return FIRST_CODE + Number(code.slice(2));
}
