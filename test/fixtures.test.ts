// fixtures/emit: what is generated for each form (output.ts, `vitest run --project fixtures -u` writes it), and that the
// generated code answers as the plain code does, whichever host compiled it.
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cases,
  compileCases,
  fixtures,
  runCases,
  variants,
  type CaseRun,
  type CompiledCase,
  type Variant,
} from './helpers/emit-fixtures.ts';

let compiled: ReadonlyMap<string, CompiledCase>;
let runs: ReadonlyMap<Variant, Readonly<Record<string, CaseRun>>>;

beforeAll(async () => {
  compiled = compileCases();
  runs = await runCases(compiled);
}, 600_000);

const compiledCase = (name: string): CompiledCase => {
  const one = compiled.get(name);
  if (one === undefined) throw new Error(`no case ${name}`);
  return one;
};
const runOf = (variant: Variant, name: string): CaseRun | undefined => runs.get(variant)?.[name];

/** The user's code alone: what generated code must not depend on, and what a fixture must not get wrong. */
it('all inputs type-check as they are', () => {
  const config = ts.readConfigFile(join(fixtures, 'tsconfig.json'), (file) => ts.sys.readFile(file))
    .config as object;
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, fixtures);
  const program = ts.createProgram(fileNames, options);
  const found = program
    .getSourceFiles()
    .filter((file) => file.fileName.startsWith(fixtures))
    .flatMap((file) => program.getSemanticDiagnostics(file))
    .map((one) => `${one.file?.fileName} ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`);
  expect(found).toEqual([]);
}, 60_000);

describe.each(cases)('%s', (name) => {
  it('is cached, with the code of output.ts', async () => {
    const { code, problems } = compiledCase(name);
    expect(problems).toEqual([]);
    await expect(code).toMatchFileSnapshot(join(fixtures, name, 'output.ts'));
  });

  it('keeps each line of the user on its line', () => {
    const { source, code = '' } = compiledCase(name);
    const output = code.split('\n');
    const moved = source.split('\n').filter((line, index) => !containsInOrder(output[index] ?? '', line));
    expect(moved).toEqual([]);
  });

  it.each(variants.filter((variant) => variant !== 'plain'))(
    'answers as the plain code does: %s',
    (variant) => {
      const plain = runOf('plain', name);
      const cached = runOf(variant, name);
      expect(cached?.result).toEqual(plain?.result);
      expect(cached?.again).toEqual(plain?.again);
    },
  );

  it.each(variants.filter((variant) => variant !== 'plain'))(
    'runs no body again the second time: %s',
    (variant) => {
      expect(runOf(variant, name)?.ranAgain).toEqual([]);
    },
  );
});

/** Every word and sign of the user's line is there, in order; only `async` may be gone. */
function containsInOrder(output: string, line: string): boolean {
  let at = 0;
  for (const token of line.replaceAll(/\basync\b/g, '').match(/\w+|[^\w\s]/g) ?? []) {
    const found = output.indexOf(token, at);
    if (found === -1) return false;
    at = found + token.length;
  }
  return true;
}
