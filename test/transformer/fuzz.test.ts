// Every function of other people's code gets a mark: whatever it is, the compiler answers, and what it writes is JavaScript.
// FUZZ_SEED and FUZZ_FILES (a number, or `all`) choose other files.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { CachePlan } from '../../transformer/3-plan/cache-plan.ts';
import { scanFile } from '../../transformer/1-scan/scan-file.ts';
import type { Emission } from '../../transformer/compile-file.ts';
import { createSourceCompiler } from '../../transformer/host/compile-source.ts';
import { emitText } from '../../transformer/host/emit-text.ts';
import { hookProgram } from '../../transformer/host/program-hook.ts';
import { createSyntaxReader } from '../../transformer/host/ts6-syntax.ts';
import { resolveOptions } from '../../transformer/options.ts';
import { markFunctions, type Mark, programOf, sampleOf, shippedSources } from '../helpers/shipped-sources.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_125);
const sources = shippedSources(/(?<!\.d)\.[cm]?tsx?$/);
const files = process.env['FUZZ_FILES'] ?? '36';
const sample = sampleOf(sources, files === 'all' ? sources.length : Number(files), SEED);
const { options } = resolveOptions({}, '');

/** The first third stays as it is. */
const plain = sample.slice(0, Math.floor(sample.length / 3));
const marked = sample
  .slice(plain.length)
  .map((source) => ({ ...source, ...markFunctions(source.path, source.text) }));

const NOTHING: Emission = { texts: undefined, plans: [], diagnostics: [], dependencies: [] };

function parseProblems(path: string, text: string): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const { parseDiagnostics = [] } = file as { parseDiagnostics?: readonly ts.Diagnostic[] }; // internal, always set
  return parseDiagnostics.map((one) => ts.flattenDiagnosticMessageText(one.messageText, ' '));
}

/** Marks that nobody answered for. */
function unanswered(marks: readonly Mark[], { plans, diagnostics }: Emission): readonly Mark[] {
  return marks.filter(
    ({ at, end }) =>
      !plans.some((plan) => plan.marker.range.start === at) &&
      !diagnostics.some(
        // What has no name is reported where the function begins.
        ({ code, range: { start } }) => start === at || (code === 'CK1016' && start >= at && start <= end),
      ),
  );
}

const program = programOf(new Map([...plain, ...marked].map(({ path, text }) => [path, text])));
const compile = createSourceCompiler(ts, options);
const emissions = new Map<string, Emission>();

describe(`functions of ${marked.length} files, seed ${SEED}`, { timeout: 600_000 }, () => {
  it('come from a pool of at least 500 files', () => {
    expect(sources.length).toBeGreaterThanOrEqual(500);
    expect(marked.flatMap(({ marks }) => marks).length).toBeGreaterThan(50);
  });

  it.each(marked)('$name: each mark is answered, and the text parses', ({ path, text, marks }) => {
    const source = program.getSourceFile(path);
    if (source === undefined) throw new Error(`${path} is not in the program`);
    // Without a mark the file is none of our business.
    const emission = compile(program, source, []) ?? NOTHING;
    emissions.set(path, emission);
    expect(emission.diagnostics.filter((one) => one.code === 'CK1407')).toEqual([]);
    expect(unanswered(marks, emission)).toEqual([]);
    const code = emission.texts === undefined ? text : emitText(text, emission.texts, path).code;
    expect(parseProblems(path, code)).toEqual([]);
    expect(code.split('\n').length).toBeGreaterThanOrEqual(text.split('\n').length);
  });

  it.each(plain)('$name: without a mark stays as it is', ({ path }) => {
    const source = program.getSourceFile(path);
    if (source === undefined) throw new Error(`${path} is not in the program`);
    const emission = compile(program, source, []);
    expect(emission?.texts).toBeUndefined();
    expect(emission?.plans ?? []).toEqual([]);
  });

  it('some are cached, and the syntax tree emitter writes JavaScript; unmarked files are written as without us', () => {
    expect([...emissions.values()].filter((one) => one.texts !== undefined).length).toBeGreaterThan(0);
    const before = outputOf(plain.map(({ path }) => path));
    const known = (_: ts.Program, { fileName }: ts.SourceFile, _earlier: readonly CachePlan[]) =>
      emissions.get(fileName);
    hookProgram(ts, program, known, { salt: '', warn: () => {}, configDiagnostics: [] });
    expect(outputOf(plain.map(({ path }) => path))).toEqual(before);
    for (const [path, text] of outputOf(marked.map((one) => one.path)))
      expect([path, ...parseProblems(path, text)]).toEqual([path]);
  });
});

function outputOf(paths: readonly string[]): readonly (readonly [path: string, text: string])[] {
  const written: [string, string][] = [];
  for (const path of paths)
    program.emit(program.getSourceFile(path), (file, text) => void written.push([file, text]));
  return written.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

describe(`declaration files, seed ${SEED}`, { timeout: 600_000 }, () => {
  const declarations = shippedSources(/\.d\.[cm]?ts$/);
  it.each(sampleOf(declarations, files === 'all' ? declarations.length : 60, SEED))(
    '$name: no function has a body to cache',
    ({ path, text: written }) => {
      const { text, marks } = markFunctions(path, written);
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
      const { markers, problems } = scanFile(createSyntaxReader(ts, source));
      expect(markers).toEqual([]);
      const missed = marks.filter(({ at }) => !problems.some(({ range }) => range.start === at));
      expect(missed).toEqual([]);
    },
  );
});
