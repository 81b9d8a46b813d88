// docs/guide/source-forms.md says which forms of a function count in which kinds of files: each form is compiled in each
// kind, what counts is run beside the plain program, and the table of the page has to say the same.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject } from '../../transformer/host/project/project.ts';
import transformProgram from '../../transformer/index.ts';
import { linkedFolder } from '../helpers/linked-folder.ts';
import { sourceForms, type Only, type SourceForm } from './source-forms.ts';

const page = readFileSync(
  fileURLToPath(new URL('../../docs/guide/source-forms.md', import.meta.url)),
  'utf8',
);

const KINDS = ['ts', 'tsx', 'mts', 'cts', 'js', 'mjs', 'cjs'] as const;
type Kind = (typeof KINDS)[number];

const KINDS_OF: Readonly<Record<Only, readonly Kind[]>> = {
  typescript: ['ts', 'tsx', 'mts', 'cts'],
  modules: ['ts', 'tsx', 'mts', 'js', 'mjs'],
  commonjs: ['cts', 'cjs'],
  'commonjs-typescript': ['cts'],
  'commonjs-javascript': ['cjs'],
  jsx: ['tsx', 'js'],
};

const TYPES = '@param {number} id @returns {Promise<number>} */';
const linked = linkedFolder('forms');
afterAll(() => linked.remove());

interface Cell {
  readonly form: SourceForm;
  readonly kind: Kind;
  readonly file: string;
  readonly source: string;
}

const isJavaScript = (kind: Kind): boolean => /^[cm]?jsx?$/.test(kind);
const isCommonJs = (kind: Kind): boolean => kind.startsWith('c');

function sourceOf({ code }: SourceForm, kind: Kind): string {
  const marked = code
    .replaceAll('@MARK', `/** @cache.production ${TYPES}`)
    .replaceAll('@NAMED', `/** @cache.production name=load.${kind} ${TYPES}`)
    .replaceAll('@OF_OBJECT', '/** @cache.local self=instance */')
    .replaceAll('@TYPES', `/** ${TYPES}`);
  return isJavaScript(kind) ? javaScript(marked, isCommonJs(kind), ts.JsxEmit.Preserve) : marked;
}

function javaScript(code: string, commonJs: boolean, jsx = ts.JsxEmit.React): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    module: commonJs ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
    jsx,
  };
  return ts.transpileModule(code, { fileName: 'form.tsx', compilerOptions }).outputText;
}

const cells: readonly Cell[] = sourceForms.flatMap((form, index) =>
  KINDS.filter((kind) => form.only === undefined || KINDS_OF[form.only].includes(kind)).map((kind) => {
    const file = join(linked.path, 'src', kind, `form${index}.${kind}`);
    return { form, kind, file, source: sourceOf(form, kind) };
  }),
);

interface Run {
  readonly result: unknown;
  /** Which bodies ran. */
  readonly ran: readonly string[];
}

/** `yes`, or the code of the first error. */
const said = new Map<Cell, string>();
type Variant = 'plain' | 'text' | 'ast';
let runs: Readonly<Record<Variant, Readonly<Record<string, Run>>>>;

beforeAll(async () => {
  const config = {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    allowJs: true,
    checkJs: true,
    jsx: 'react',
    types: ['node'],
    skipLibCheck: true,
    rootDir: 'src',
    outDir: 'ast',
    customConditions: ['@cachekit/source'],
  };
  write(
    join(linked.path, 'package.json'),
    JSON.stringify({ name: 'forms', version: '1.0.0', type: 'module' }),
  );
  write(
    join(linked.path, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: config, include: ['src/**/*'] }),
  );
  for (const { file, source } of cells) write(file, source);
  const project = openProject({ cwd: linked.path });
  const running: Cell[] = [];
  for (const cell of cells) {
    const { code, plans, diagnostics } = project.compile(cell.file);
    const error = diagnostics.find((one) => one.severity === 'error' || one.code === 'CK2014');
    said.set(cell, error?.code ?? (plans.length === 1 && code !== undefined ? 'yes' : 'no'));
    if (error !== undefined || code === undefined) continue;
    running.push(cell);
    for (const [variant, text] of Object.entries({ plain: cell.source, text: code }))
      write(join(linked.path, variant, runnable(cell)), javaScript(text, isCommonJs(cell.kind)));
  }
  emitWithProgram(running);
  const names = running.map(runnable);
  const [plain, text, ast] = await Promise.all([
    run('plain', names),
    run('text', names),
    run('ast', running.map(emitted)),
  ]);
  runs = { plain, text, ast };
}, 120_000);

/** The way of ts-patch: a program, hooked, emits. */
function emitWithProgram(running: readonly Cell[]): void {
  const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const parsed = ts.getParsedCommandLineOfConfigFile(join(linked.path, 'tsconfig.json'), {}, host);
  if (parsed === undefined) throw new Error('tsconfig.json');
  const hooked = transformProgram(ts.createProgram(parsed.fileNames, parsed.options), undefined, {}, { ts });
  for (const { file } of running) hooked.emit(hooked.getSourceFile(file));
}

/** Where the compiler writes it. */
const emitted = ({ file }: Cell): string =>
  file.slice(file.indexOf('/src/') + 5).replace(/\.([cm]?)[jt]sx?$/, '.$1js');

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const runnable = ({ file, kind }: Cell): string =>
  `${file.slice(file.indexOf('/src/') + 5).replace(/\.\w+$/, '')}-${kind}.${isCommonJs(kind) ? 'cjs' : 'mjs'}`;

const RUNNER = `
const [folder, ...files] = process.argv.slice(1);
const runs = {};
for (const file of files) {
  try {
    const found = await import(folder + '/' + file);
    const module = found.default?.ran === undefined ? found : found.default;
    const load = module.default;
    const run = module.run ?? (async () => [await load(1), await load(2), await load(1)]);
    runs[file] = { result: await run(), ran: module.ran };
  } catch (error) {
    runs[file] = { result: String(error?.stack ?? error), ran: [] };
  }
}
process.stdout.write(JSON.stringify(runs));
process.exit(0);
`;

async function run(variant: string, files: readonly string[]): Promise<Readonly<Record<string, Run>>> {
  const args = ['--conditions=@cachekit/source', '--input-type=module', '-e', RUNNER];
  const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', NODE_NO_WARNINGS: '1' };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, join(linked.path, variant), ...files],
    { env, maxBuffer: 1e8 },
  );
  return JSON.parse(stdout) as Record<string, Run>; // written by the runner above
}

function table(): string {
  const rows = sourceForms.map((form) => {
    const answers = KINDS.map((kind) => {
      const cell = cells.find((one) => one.form === form && one.kind === kind);
      return cell === undefined ? '' : said.get(cell);
    });
    return `| ${form.name} | ${answers.join(' | ')} |`;
  });
  const head = [
    `| form | ${KINDS.map((kind) => `\`.${kind}\``).join(' | ')} |`,
    `|---|${'---|'.repeat(KINDS.length)}`,
  ];
  return [...head, ...rows].join('\n');
}

describe('forms of functions', () => {
  it('count as the page says', () => {
    expect(page).toContain(table());
  });

  it('answer as the plain program does, and run once per argument', () => {
    const expected = JSON.stringify({ result: [2, 4, 2], ran: ['load', 'load'] });
    for (const variant of ['text', 'ast'] as const) {
      const answers = Object.entries(runs[variant]);
      expect(answers.length).toBeGreaterThan(150);
      expect(answers.filter(([, answer]) => JSON.stringify(answer) !== expected)).toEqual([]);
    }
    const plain = Object.values(runs.plain).map((answer) => answer.result);
    expect(new Set(plain.map((result) => JSON.stringify(result)))).toEqual(new Set(['[2,4,2]']));
  });
});
