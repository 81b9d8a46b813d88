// Every function of other people's code gets a mark: whatever it is, the compiler answers, and what it writes is JavaScript.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { mayContainMarker } from '../../transformer/1-scan/may-contain-marker.ts';
import { scanFile } from '../../transformer/1-scan/scan-file.ts';
import type { Emission } from '../../transformer/compile-file.ts';
import { createSourceCompiler } from '../../transformer/host/compile-source.ts';
import { emitText } from '../../transformer/host/emit/emit-text.ts';
import { hookProgram } from '../../transformer/host/program/program-hook.ts';
import { createSyntaxReader } from '../../transformer/host/ts6/syntax/syntax-reader.ts';
import { resolveOptions } from '../../transformer/options.ts';
import { damageOf } from '../helpers/intact-source.ts';
import { parseProblems, problemsOf } from '../helpers/parse-problems.ts';
import { markFunctions, programOf, shippedSources, unanswered } from '../helpers/shipped-sources.ts';

const TIME_LIMIT_MS = 600_000;
const { options } = resolveOptions({}, '');
const sources = shippedSources(/(?<!\.d)\.[cm]?tsx?$/);
const marked = sources.map((source) => ({ ...source, ...markFunctions(source.path, source.text) }));
const plain = marked.filter(({ marks }) => marks.length === 0);
const functions = marked.filter(({ marks }) => marks.length > 0);

// One program for all: types that many files share are read once.
const program = programOf(new Map(marked.map(({ path, text }) => [path, text])));
const compile = createSourceCompiler(ts, options);
const emissions = new Map<string, Emission>();

function sourceOf(path: string): ts.SourceFile {
  const source = program.getSourceFile(path);
  if (source === undefined) throw new Error(`${path} is not in the program`);
  return source;
}

describe(`functions of ${sources.length} files`, { timeout: TIME_LIMIT_MS }, () => {
  it('are many', () => {
    expect(sources.length).toBeGreaterThanOrEqual(500);
    expect(marked.flatMap(({ marks }) => marks).length).toBeGreaterThan(2_000);
    expect(plain.length).toBeGreaterThan(100);
  });

  it.each(plain)('$name: without a mark it is none of our business', ({ path }) => {
    const emission = compile(program, sourceOf(path), []);
    expect(emission?.texts).toBeUndefined();
    expect(emission?.plans ?? []).toEqual([]);
  });

  it.each(functions)('$name: each mark is answered, and the text parses', ({ path, text, marks }) => {
    const source = sourceOf(path);
    const emission = compile(program, source, []);
    if (emission === undefined) throw new Error('marks were not seen');
    emissions.set(path, emission);
    expect(emission.diagnostics.filter((one) => one.code === 'CK1407')).toEqual([]);
    expect(unanswered(marks, emission)).toEqual([]);
    expect(problemsOf(source)).toEqual([]);
    if (emission.texts === undefined) return;
    const { code } = emitText(text, emission.texts, path);
    expect(parseProblems(path, code)).toEqual([]);
    const ranges = marks.map(({ at, end }) => ({ start: at, end }));
    expect(damageOf(text, code, emission.texts, ranges)).toEqual([]);
  });

  it.each(sources.filter(({ text }) => mayContainMarker(text)))(
    '$name: nothing in it is taken for a mark',
    ({ path, text }) => {
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
      const { markers, writers, problems } = scanFile(createSyntaxReader(ts, source));
      expect({ markers, writers, problems }).toEqual({ markers: [], writers: [], problems: [] });
    },
  );

  it('some are cached, and the syntax tree emitter writes JavaScript; unmarked files are written as without us', () => {
    const cached = [...emissions].filter(([, { texts }]) => texts !== undefined).map(([path]) => path);
    expect(cached.length).toBeGreaterThan(100);
    const others = plain.map(({ path }) => path);
    const before = outputOf(others);
    hookProgram(ts, program, (_, { fileName }) => emissions.get(fileName), {
      salt: '',
      warn: () => {},
      configDiagnostics: [],
    });
    expect(outputOf(others)).toEqual(before);
    const written = outputOf(cached);
    expect(written.length).toBe(cached.length);
    for (const [path, text] of written) {
      expect(text).toMatch(/cachekit\/emit\/v1/);
      expect([path, ...parseProblems(path, text)]).toEqual([path]);
    }
  });
});

function outputOf(paths: readonly string[]): readonly (readonly [path: string, text: string])[] {
  const written: [string, string][] = [];
  for (const path of paths) program.emit(sourceOf(path), (file, text) => void written.push([file, text]));
  return written.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
