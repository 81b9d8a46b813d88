// `experimentalDecorators` and `emitDecoratorMetadata`: cached methods with decorators of the old kind, the marker above,
// below and between them, through both emitters and as modules of both kinds, beside the plain program.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject } from '../../../transformer/host/project/project.ts';
import transformProgram from '../../../transformer/index.ts';
import { linkedFolder } from '../../helpers/linked-folder.ts';

const SOURCE = `
export const ran: string[] = [];
const told: string[] = [];

/** What \`reflect-metadata\` adds: TypeScript calls it where it is there. */
Object.assign(Reflect, {
  metadata: (key: string, value: unknown) => (_target: object, name?: string) => {
    const text = (one: unknown): string => (typeof one === 'function' ? one.name : String(one));
    told.push(\`\${key} \${name} \${Array.isArray(value) ? value.map(text).join() : text(value)}\`);
  },
});

type Method = (this: unknown, id: number) => Promise<string>;

function counted(label: string) {
  return (target: object, name: string, descriptor: TypedPropertyDescriptor<Method>): void => {
    const inner = descriptor.value;
    if (inner === undefined) throw new Error('no method');
    told.push(\`\${label} \${typeof target} \${name} \${inner.name} \${inner.length}\`);
    descriptor.value = async function (id) {
      return \`\${label}(\${await inner.call(this, id)})\`;
    };
  };
}
function keyed(_target: object, name: string, index: number): void {
  told.push(\`parameter \${name} \${index}\`);
}
function sealed(made: Function): void {
  Object.seal(made);
  told.push(\`class \${made.name}\`);
}
function field(_target: object, name: string): void {
  told.push(\`field \${name}\`);
}

@sealed
export class Api {
  @field
  readonly base: string = 'b';

  /** @cache.production */
  @counted('above')
  async above(@keyed id: number): Promise<string> {
    ran.push(\`above \${id}\`);
    return \`a\${id}\`;
  }

  @counted('below')
  /** @cache.production */
  async below(id: number): Promise<string> {
    ran.push(\`below \${id}\`);
    return \`\${this.base}\${id}\`;
  }

  @counted('first')
  /** @cache.production */
  @counted('second')
  static async between(id: number): Promise<string> {
    ran.push(\`between \${id}\`);
    return \`c\${id}\`;
  }

  @counted('bare')
  /** @cache.production */
  async bare(id: number) {
    ran.push(\`bare \${id}\`);
    return \`d\${id}\`;
  }
}

export const run = async () => {
  const api = new Api();
  const once = async () => [await api.above(1), await api.below(1), await Api.between(1), await api.bare(1)];
  return { answers: [await once(), await once(), await new Api().above(1)], told };
};
`;

interface Run {
  readonly answers: unknown;
  readonly told: readonly string[];
  readonly ran: readonly string[];
}

const linked = linkedFolder('legacy');
afterAll(() => linked.remove());

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  types: ['node'],
  customConditions: ['@cachekit/source'],
  skipLibCheck: true,
};

type Variant = 'plain' | 'text' | 'ast' | 'commonjs';
const CACHED = ['text', 'ast', 'commonjs'] as const;
let runs: Readonly<Record<Variant, Run>>;
let problems: readonly string[];

beforeAll(async () => {
  const file = join(linked.path, 'api.ts');
  write('package.json', JSON.stringify({ name: 'legacy', version: '1.0.0', type: 'module' }));
  write('api.ts', SOURCE);
  const compilerOptions = { ...OPTIONS, target: 'es2022', module: 'esnext', moduleResolution: 'bundler' };
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['api.ts'] }));
  const { code, diagnostics } = openProject({ cwd: linked.path }).compile(file);
  problems = [
    ...diagnostics
      .filter((one) => one.severity === 'error')
      .map(({ code: id, message }) => `${id} ${message}`),
    ...ts
      .createProgram([file], OPTIONS)
      .getSemanticDiagnostics()
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
  ];
  write('plain/api.js', strip(SOURCE));
  write('text/api.js', strip(code ?? ''));
  emitWithProgram(file, 'ast', {});
  emitWithProgram(file, 'commonjs', { module: ts.ModuleKind.CommonJS });
  const [plain, text, ast, commonjs] = await Promise.all(
    (['plain', 'text', 'ast', 'commonjs'] as const).map(runVariant),
  );
  runs = { plain, text, ast, commonjs } as Readonly<Record<Variant, Run>>; // four variants, four runs
}, 120_000);

/** A tool that takes a text and looks at no other file. */
function strip(source: string): string {
  return ts.transpileModule(source, { fileName: 'api.ts', compilerOptions: OPTIONS }).outputText;
}

/** The way of ts-patch. */
function emitWithProgram(file: string, folder: string, more: ts.CompilerOptions): void {
  const outDir = join(linked.path, folder);
  const program = ts.createProgram([file], { ...OPTIONS, ...more, outDir });
  transformProgram(program, undefined, {}, { ts }).emit();
  const type = more.module === ts.ModuleKind.CommonJS ? 'commonjs' : 'module';
  write(`${folder}/package.json`, JSON.stringify({ type }));
}

function write(name: string, text: string): void {
  mkdirSync(dirname(join(linked.path, name)), { recursive: true });
  writeFileSync(join(linked.path, name), text);
}

const RUNNER = `
const module = await import(process.argv[1]);
const { ran, run } = module.run === undefined ? module.default : module;
process.stdout.write(JSON.stringify({ ...(await run()), ran }));
process.exit(0);
`;

async function runVariant(variant: string): Promise<Run> {
  const file = join(linked.path, variant, 'api.js');
  const args = ['--conditions=@cachekit/source', '--input-type=module', '-e', RUNNER, file];
  const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', NODE_NO_WARNINGS: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout) as Run; // written by the runner above
}

describe('legacy decorators', () => {
  it('type-check, and all four methods are cached', () => {
    expect(problems).toEqual([]);
    expect(runs.plain.ran).toHaveLength(9);
  });

  it.each(CACHED)('answer as the plain program does, and run each body once: %s', (variant) => {
    expect(runs[variant].answers).toEqual(runs.plain.answers);
    expect(runs[variant].ran).toEqual(['above 1', 'below 1', 'between 1', 'bare 1']);
  });

  it.each(CACHED)('see the same names, lengths and types: %s', (variant) => {
    expect(runs[variant].told).toEqual(runs.plain.told);
    expect(runs.plain.told).toContain('design:returntype bare Promise');
  });
});
