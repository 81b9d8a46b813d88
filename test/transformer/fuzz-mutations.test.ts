// Every fixture with one small change, many times: half-typed code, marks in the wrong place, other types. Nothing throws,
// no mark is passed over in silence, and what is written parses where what was read does.
// FUZZ_SEED starts elsewhere; FUZZ_ROUNDS changes each fixture more often (`FUZZ_ROUNDS=200` takes an hour).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { CachePlan } from '../../transformer/3-plan/cache-plan.ts';
import type { Emission } from '../../transformer/compile-file.ts';
import { createSourceCompiler } from '../../transformer/host/compile-source.ts';
import { emitText } from '../../transformer/host/emit/emit-text.ts';
import { hookProgram } from '../../transformer/host/program/program-hook.ts';
import { readConfig } from '../../transformer/host/project/read-config.ts';
import { collectFacts } from '../../transformer/host/ts6/program/collect-facts.ts';
import { checkWholeProgram } from '../../transformer/host/whole-program.ts';
import { resolveOptions } from '../../transformer/options.ts';
import { damageOf } from '../helpers/intact-source.ts';
import { marksIn, silentMarks } from '../helpers/marks-in.ts';
import { mutate, type Mutation } from '../helpers/mutate-source.ts';
import { parseProblems, problemsOf } from '../helpers/parse-problems.ts';
import { seededRandom } from '../helpers/random.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_126);
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 4);
const TIME_LIMIT_MS = 600_000 * ROUNDS;
const fixtures = join(import.meta.dirname, '../../fixtures');

/** Sources that are about one thing, in folders of `fixtures/<kind>`. */
function inputsOf(kind: string): readonly string[] {
  return readdirSync(join(fixtures, kind), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /^[^/]+\/input\.[cm]?[jt]sx?$|^wrong-marks\/[^/]+\.ts$/.test(name))
    .map((name) => join(fixtures, kind, name).replaceAll('\\', '/'))
    .toSorted();
}

const parsedFiles = new Map<string, ts.SourceFile | undefined>();

/** A program in which each input reads as `changed` says. */
function programOf(kind: string, changed: ReadonlyMap<string, Mutation>) {
  const config = readConfig(ts, join(fixtures, kind, 'tsconfig.json'));
  const settings = { ...config.options, noCheck: true, noEmit: false, outDir: '/out' };
  const disk = ts.createCompilerHost(settings, true);
  const host: ts.CompilerHost = {
    ...disk,
    readFile: (path) => changed.get(path)?.text ?? disk.readFile(path),
    getSourceFile: (path, language, ...more) => {
      const one = changed.get(path);
      if (one !== undefined) return ts.createSourceFile(path, one.text, language, true);
      const known = parsedFiles.get(path) ?? disk.getSourceFile(path, language, ...more);
      parsedFiles.set(path, known);
      return known;
    },
  };
  const program = ts.createProgram([...changed.keys()], settings, host);
  return { program, options: resolveOptions(config.ownEntry, config.path).options };
}

const rounds = ['emit', 'diagnostics'].flatMap((kind) =>
  Array.from({ length: ROUNDS }, (_, round) => ({ kind, seed: SEED + round })),
);

describe.each(rounds)('$kind, FUZZ_SEED=$seed', { timeout: TIME_LIMIT_MS }, ({ kind, seed }) => {
  it('answers for every fixture, changed', () => {
    const random = seededRandom(seed);
    const changed = new Map(
      inputsOf(kind).map((path) => [path, mutate(path, readFileSync(path, 'utf8'), random)]),
    );
    const { program, options } = programOf(kind, changed);
    const compile = createSourceCompiler(ts, options);
    const compiled = new Map<string, Emission>();
    const plans: CachePlan[] = [];
    const found: string[] = [];
    for (const [path, { text, what }] of changed) {
      const source = program.getSourceFile(path);
      if (source === undefined) throw new Error(`${path} is not in the program`);
      const fail = (problem: unknown): void =>
        void found.push(`${path.slice(fixtures.length)}, ${what}: ${String(problem)}\n${text}`);
      try {
        const emission = compile(program, source, plans);
        if (emission === undefined) continue;
        compiled.set(path, emission);
        plans.push(...emission.plans);
        for (const problem of problemsIn(source, emission)) fail(problem);
      } catch (error) {
        fail(error instanceof Error ? error.stack : error);
      }
    }
    expect(found.join('\n\n')).toBe('');
    expect(compiled.size).toBeGreaterThan(changed.size / 2);
    const facts = (names: ReadonlySet<string>) =>
      collectFacts(
        ts,
        program,
        program.getSourceFiles().filter(({ fileName }) => compiled.has(fileName)),
        names,
      );
    checkWholeProgram([{ config: undefined, options, compiled, facts }]);
    expect(brokenOutput(program, compiled)).toEqual([]);
  });
});

function problemsIn(source: ts.SourceFile, emission: Emission): readonly string[] {
  const { text, fileName } = source;
  const problems = emission.diagnostics
    .filter((one) => one.code === 'CK1407')
    .map((one) => `internal: ${one.message}`);
  const isWellFormed = problemsOf(source).length === 0;
  const outside = emission.diagnostics.filter(({ range }) => range.start < 0 || range.end > text.length);
  problems.push(...outside.map((one) => `${one.code} is not in the text`));
  if (isWellFormed)
    problems.push(...silentMarks(marksIn(source), emission).map((mark) => `silence about ${mark.text}`));
  if (emission.texts === undefined) return problems;
  const { code } = emitText(text, emission.texts, fileName);
  const marks = [...emission.plans.map(({ marker }) => marker), ...(emission.writers ?? [])];
  const calls = emission.texts.calls.map(({ callPos, callEnd }) => ({ start: callPos, end: callEnd }));
  const ranges = [...marks.map(({ target }) => target.node), ...calls];
  problems.push(...damageOf(text, code, emission.texts, ranges));
  if (isWellFormed) problems.push(...parseProblems(fileName, code).map((one) => `output: ${one}`));
  return problems;
}

/** Files that parse, and do not any more when the program has written them. */
function brokenOutput(program: ts.Program, compiled: ReadonlyMap<string, Emission>): readonly string[] {
  hookProgram(ts, program, (_, { fileName }) => compiled.get(fileName), {
    salt: '',
    warn: () => {},
    configDiagnostics: [],
  });
  const broken: string[] = [];
  for (const [path, { texts }] of compiled) {
    const source = program.getSourceFile(path);
    if (source === undefined || texts === undefined || problemsOf(source).length > 0) continue;
    program.emit(source, (file, text) => {
      if (!/\.[cm]?jsx?$/.test(file)) return;
      for (const problem of parseProblems(file, text)) broken.push(`${path}: ${problem}\n${text}`);
    });
  }
  return broken;
}
