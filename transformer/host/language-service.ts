// Plugin of TypeScript's language service: shows our diagnostics in the editor, and their fixes as quick fixes.
import type TS from 'typescript';
import { catalogue } from '../diagnostics/catalogue.ts';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import { resolveOptions } from '../options.ts';
import { createSourceCompiler, type SourceCompiler } from './compile-source.ts';
import { FIRST_CODE, toTsDiagnostic } from './program/diagnostics-to-ts.ts';
import { isSupported, unsupportedDiagnostic } from './supported-typescript.ts';

type Ts = typeof TS;

/** What tsserver calls to load the plugin. */
export function createEditorPlugin({ typescript: ts }: { readonly typescript: Ts }): TS.server.PluginModule {
  return { create: (info) => decorate(ts, info) };
}

/** The language service of the project, with our diagnostics and fixes added. */
function decorate(ts: Ts, info: TS.server.PluginCreateInfo): TS.LanguageService {
  const { languageService: inner } = info;
  const findDiagnostics = createFinder(ts, info);
  /** Our part of an answer, or nothing when it throws: the editor then still shows TypeScript's part. */
  const ownPart = <T>(find: () => readonly T[]): readonly T[] => {
    try {
      return find();
    } catch (error) {
      // Code in an editor is half-typed most of the time.
      info.project.projectService.logger.info(
        `cachekit: ${error instanceof Error ? error.stack : String(error)}`,
      );
      return [];
    }
  };
  return {
    ...inner,
    getSemanticDiagnostics(file) {
      const own = ownPart(() => {
        const source = inner.getProgram()?.getSourceFile(file);
        return findDiagnostics(file).map((one) => toTsDiagnostic(ts, source, one));
      });
      return [...inner.getSemanticDiagnostics(file), ...own];
    },
    getCodeFixesAtPosition(file, start, end, codes, format, preferences) {
      const own = ownPart(() =>
        findDiagnostics(file)
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
      // Editors ask for fixes of the codes in this list only.
      ...Object.keys(catalogue).map((code) => String(numberOf(code))),
    ],
  };
}

/** Finds the errors and warnings of a file; none while the file has syntax errors. */
function createFinder(ts: Ts, info: TS.server.PluginCreateInfo): (file: string) => readonly Diagnostic[] {
  const { options } = resolveOptions(info.config, '');
  const compile: SourceCompiler = isSupported(ts)
    ? createSourceCompiler(ts, options)
    : (_program, source) => unsupportedDiagnostic(ts.version, source.fileName, source.text);
  /** Diagnostics by file, of one program: each edit makes a new program. */
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
