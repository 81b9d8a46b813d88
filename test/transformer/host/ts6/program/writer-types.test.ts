// Functions with `@cacheInvalidate` in programs: what their targets mean, and that the emitted file can reach them.
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject, type Project } from '../../../../../transformer/host/project/project.ts';
import transformProgram from '../../../../../transformer/index.ts';
import { smallProject, type SmallProject } from '../../../../helpers/small-project.ts';

const REPORT = `
export interface Query { id: number; page?: number }
/** @cache.production */
export async function getReport(id: number, page = 1): Promise<string> { return id + '/' + page; }
/** @cache.production */
export default async function find(query: Query): Promise<string> { return String(query.id); }
export async function plain(id: number): Promise<number> { return id; }
export class Store {
  /** @cache.production */ async load(id: number): Promise<number> { return id; }
  /** @cache.production */ static async all(): Promise<number[]> { return []; }
}
export function make() { /** @cache.production */ const inner = async (id: number): Promise<number> => id; return inner; }
`;

let project: SmallProject;
let open: Project;
beforeAll(() => {
  project = smallProject(
    { 'report.ts': REPORT, 'barrel.ts': "export { getReport as report } from './report.js';\n" },
    { noUnusedLocals: true },
    { planCache: false },
  );
  open = openProject({ cwd: project.path });
});
afterAll(() => project.remove());

const IMPORTS = `import find, { getReport, plain, Store } from './report.js';
import { report as renamed } from './barrel.js';
import * as all from './report.js';
import type { getReport as typed } from './report.js';
`;

/** Codes and messages of one writer with this tag; '' when it was rewritten. */
function said(target: string, parameters = 'id: number, opts?: { id?: number; name: string }'): string {
  const text = `${IMPORTS}/** @cacheInvalidate ${target} */\nexport async function save(${parameters}): Promise<{ id: number; rows: { id: string }[] }> { throw new Error(); }\n`;
  project.write('save.ts', text);
  open.refresh();
  const { diagnostics, code } = open.compile('save.ts', text);
  const errors = diagnostics.map((one) => `${one.code}: ${one.message}`).join('\n');
  return errors === '' && code?.includes('invalidateAfter(') !== true ? 'not rewritten' : errors;
}

describe('a target', () => {
  it.each([
    'getReport(id)',
    'getReport($id, 2)',
    'getReport($result.id)',
    'getReport(*)',
    'renamed(id)',
    'all.getReport(id)',
    'all.default(*)',
    'Store.all()',
    'Store.prototype.load(id)',
    'all.Store.prototype.load(id)',
    'tag:report:$id:$opts.name??none',
    'tag:all',
  ])('%s is found', (target) => {
    expect(said(target)).toBe('');
  });

  it.each([
    [
      'getRaport(id)',
      "CK1211: @cacheInvalidate target 'getRaport' is not a name that is known here. Did you mean 'getReport'?",
    ],
    ['plain(id)', "CK1211: @cacheInvalidate target 'plain' is not a cached function."],
    ['typed(id)', "CK1211: @cacheInvalidate target 'typed' is imported as a type only."],
    [
      'all.getRaport(id)',
      "CK1211: @cacheInvalidate target 'all.getRaport' is not a cached function. Did you mean 'all.getReport'?",
    ],
    ['Store.load(id)', "CK1211: @cacheInvalidate target 'Store.load' is not a cached function."],
    ['this.load(id)', "CK1211: @cacheInvalidate target 'this.load' is not a cached function."],
    ['getReport()', "CK1212: 'getReport' expects (id: number, page?: number), got ()."],
    [
      'getReport(id, 1, 2)',
      "CK1212: 'getReport' expects (id: number, page?: number), got (id: number, 1, 2).",
    ],
    [
      'getReport($opts.id)',
      "CK1212: 'getReport' expects (id: number, page?: number), got ($opts.id: number | undefined).",
    ],
    ["getReport('1')", `CK1212: 'getReport' expects (id: number, page?: number), got ('1': "1").`],
    ['find(id)', "CK1212: 'find' expects (query: Query), got (id: number)."],
    ['getReport(uid)', "CK1011: 'uid' is not a parameter of save(id, opts). Did you mean 'id'?"],
    [
      'getReport($result.ids)',
      "CK1011: '$result.ids' leads nowhere: 'result' has no property 'ids'. Did you mean '$result.id'?",
    ],
    ['tag:a:$opts', 'CK1012: '],
    ['tag:a:$opts.id', 'CK1013: '],
    ['tag:a:$', 'CK1010: '],
  ])('%s is refused', (target, message) => {
    expect(said(target)).toContain(message);
  });

  it('that is a method is suggested with its object', () => {
    const saidInClass = (target: string): string => {
      const text = `import { getReport } from './report.js';
export class Orders {
  /** @cache.production */ async findOne(id: number): Promise<string> { return String(id); }
  /** @cache.production */ async getReport(id: number): Promise<string> { return getReport(id); }
  async plain(id: number): Promise<string> { return String(id); }
  /** @cacheInvalidate ${target}(id) */ async save(id: number): Promise<void> { throw new Error(String(id)); }
}
`;
      project.write('orders.ts', text);
      open.refresh();
      return open
        .compile('orders.ts', text)
        .diagnostics.map((one) => `${one.code}: ${one.message}`)
        .join('\n');
    };
    const unknown = (name: string) =>
      `CK1211: @cacheInvalidate target '${name}' is not a name that is known here.`;
    expect(saidInClass('findOne')).toBe(`${unknown('findOne')} Did you mean 'this.findOne'?`);
    expect(saidInClass('findOn')).toBe(`${unknown('findOn')} Did you mean 'this.findOne'?`);
    expect(saidInClass('plain')).toBe(unknown('plain'));
    expect(saidInClass('getReprot')).toBe(`${unknown('getReprot')} Did you mean 'getReport'?`);
    expect(saidInClass('getReport')).toBe('');
  });

  it('of a parameter that holds cached functions is the one of the call', () => {
    expect(said('service.load(id)', 'id: number, service: InstanceType<typeof Store>')).toBe('');
  });
});

/** The JavaScript of a file, the way of ts-patch, and what TypeScript says about it. */
function emitted(
  name: string,
  extra: ts.CompilerOptions,
): { readonly js: string; readonly said: readonly string[] } {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const parsed = ts.getParsedCommandLineOfConfigFile(project.file('tsconfig.json'), {}, host);
  const program = ts.createProgram([project.file(name)], { ...parsed?.options, ...extra });
  const hooked = transformProgram(program, undefined, {}, { ts });
  const source = hooked.getSourceFile(project.file(name));
  let js = '';
  hooked.emit(source, (_file, text) => (js = text));
  const said = ts
    .getPreEmitDiagnostics(hooked, source)
    .map((one) => ts.flattenDiagnosticMessageText(one.messageText, ' '));
  return { js, said };
}

describe('a target that only the comment names', () => {
  const text = `import { getReport, type Query } from './report.js';
import * as all from './report.js';
/**
 * @cacheInvalidate getReport(id)
 * @cacheInvalidate all.Store.all()
 */
export async function save(id: number, query?: Query): Promise<number> { const getReport = id; return getReport + (query?.id ?? 0); }
`;

  it('keeps its import, and no other, and counts as used', () => {
    project.write('one.ts', text);
    const { js, said: found } = emitted('one.ts', {});
    expect(found).toEqual([]);
    expect(js).toContain("import { getReport } from './report.js';");
    expect(js).toContain("import * as all from './report.js';");
    expect(js).toContain('[() => [getReport], () => [id]], [() => [all.Store.all, all.Store], () => []]');
  });

  it('is read through its module in CommonJS', () => {
    project.write('two.ts', text);
    const options = { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Bundler };
    const { js } = emitted('two.ts', options);
    expect(js).toMatch(/\[\(\) => \[report_js_\d\.getReport\], \(\) => \[id\]\]/);
    expect(js).toContain('require("cachekit/emit/v1")');
  });
});

describe('what cannot be a writer', () => {
  it('a function that gives a lazy query', () => {
    const text = `${IMPORTS}interface Lazy { then(done: (value: number) => void): void; where(): Lazy }
declare const query: Lazy;
/** @cacheInvalidate getReport(1) */
export function save(): Lazy { return query; }
export const used = [find, plain, Store, renamed, all];
`;
    project.write('lazy.ts', text);
    open.refresh();
    const { diagnostics, code } = open.compile('lazy.ts', text);
    expect(diagnostics.map((one) => one.code)).toEqual(['CK1014']);
    expect(code).toBeUndefined();
  });
});
