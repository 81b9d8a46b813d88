// All inputs of fixtures/emit in one TypeScript program, compiled through both emitters, written out and run by Node.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { openProject } from '../../transformer/host/project/project.ts';
import transformProgram from '../../transformer/index.ts';
import { linkedFolder } from './linked-folder.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
export const fixtures = join(repository, 'fixtures/emit');
const tsconfig = join(fixtures, 'tsconfig.json');

/** What one run of a case gave: its result, and which bodies ran in the first and the second run. */
export interface CaseRun {
  readonly result: unknown;
  readonly again: unknown;
  readonly ran: readonly string[];
  readonly ranAgain: readonly string[];
}

export type Variant = 'plain' | 'text' | 'ast' | 'commonjs';
export const variants: readonly Variant[] = ['plain', 'text', 'ast', 'commonjs'];

export const cases: readonly string[] = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .toSorted();

export interface CompiledCase {
  readonly source: string;
  /** Undefined: nothing was inserted. */
  readonly code: string | undefined;
  readonly problems: readonly string[];
}

/** Each case through the text emitter. */
export function compileCases(): ReadonlyMap<string, CompiledCase> {
  const project = openProject({ tsconfig });
  return new Map(
    cases.map((name) => {
      const file = join(fixtures, name, 'input.ts');
      const source = readFileSync(file, 'utf8');
      const { code, diagnostics } = project.compile(file, source);
      const problems = diagnostics
        .filter((one) => one.severity === 'error')
        .map((one) => `${one.code}: ${one.message}`);
      return [name, { source, code, problems }];
    }),
  );
}

/** Writes all variants as JavaScript and runs every case twice in each, in one process per variant. */
export async function runCases(compiled: ReadonlyMap<string, CompiledCase>) {
  const linked = linkedFolder('fixtures');
  const folder = linked.path;
  try {
    emitWithProgram(join(folder, 'ast'), {});
    emitWithProgram(join(folder, 'commonjs'), commonJs);
    emitText(join(folder, 'text'), (name, source) => compiled.get(name)?.code ?? source);
    emitText(join(folder, 'plain'), (_name, source) => source);
    const runs = await Promise.all(variants.map((variant) => runFolder(join(folder, variant))));
    return new Map(variants.map((variant, index) => [variant, runs[index] ?? {}]));
  } finally {
    linked.remove();
  }
}

const commonJs: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  verbatimModuleSyntax: false,
  esModuleInterop: true,
};

/** The way of ts-patch: a program, hooked, emits. */
function emitWithProgram(outDir: string, extra: ts.CompilerOptions): void {
  const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const parsed = ts.getParsedCommandLineOfConfigFile(tsconfig, {}, host);
  if (parsed === undefined) throw new Error('fixtures/emit/tsconfig.json');
  const program = ts.createProgram(parsed.fileNames, { ...parsed.options, ...extra });
  const { plugins } = parsed.options as { plugins?: readonly Readonly<Record<string, unknown>>[] }; // the entry, as ts-patch hands it over
  const hooked = transformProgram(program, undefined, plugins?.[0] ?? {}, { ts });
  const write: ts.WriteFileCallback = (file, text) =>
    writeOut(join(outDir, basename(dirname(file)), basename(file)), text);
  for (const file of parsed.fileNames) hooked.emit(program.getSourceFile(file), write);
  markModuleType(outDir, extra.module === ts.ModuleKind.CommonJS ? 'commonjs' : 'module');
}

/** The way of bundlers: text, whose types another tool strips. */
function emitText(outDir: string, codeOf: (name: string, source: string) => string): void {
  for (const name of cases) {
    for (const file of readdirSync(join(fixtures, name))) {
      if (file === 'output.ts') continue;
      const source = readFileSync(join(fixtures, name, file), 'utf8');
      const { outputText } = ts.transpileModule(file === 'input.ts' ? codeOf(name, source) : source, {
        fileName: file,
        compilerOptions: {
          target: ts.ScriptTarget.ES2024,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
        },
      });
      writeOut(join(outDir, name, file.replace(/\.ts$/, '.js')), outputText);
    }
  }
  markModuleType(outDir, 'module');
}

function writeOut(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function markModuleType(folder: string, type: 'module' | 'commonjs'): void {
  writeOut(join(folder, 'package.json'), JSON.stringify({ type }));
}

const runner = `
import { pathToFileURL } from 'node:url';
const [folder, ...cases] = process.argv.slice(1);
const runs = {};
for (const name of cases) {
  try {
    const module = await import(pathToFileURL(folder + '/' + name + '/input.js').href);
    const ran = module.ran ?? module.default?.ran ?? [];
    const run = module.run ?? module.default?.run;
    const result = await run();
    const first = ran.splice(0);
    const again = await run();
    runs[name] = { result, again, ran: first, ranAgain: ran.splice(0) };
  } catch (error) {
    runs[name] = { result: String(error?.stack ?? error), again: '', ran: [], ranAgain: [] };
  }
}
process.stdout.write(JSON.stringify(runs));
process.exit(0);
`;

async function runFolder(folder: string): Promise<Readonly<Record<string, CaseRun>>> {
  const args = ['--conditions=@cachekit/source', '--input-type=module', '-e', runner, folder, ...cases];
  const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', NODE_NO_WARNINGS: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 1e8 });
  return JSON.parse(stdout) as Record<string, CaseRun>; // written by the runner above
}
