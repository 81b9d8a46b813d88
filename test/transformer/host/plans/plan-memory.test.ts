// Plans of the last round are used again, in a watch mode and by the next process, which finds them on disk. The measure is a
// compiler without memory: on every program, after every edit, all must say the same; and an edit must cost no more plans
// than it has to.
import { rmSync, symlinkSync } from 'node:fs';
import fc from 'fast-check';
import ts from 'typescript';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CachePlan } from '../../../../transformer/3-plan/cache-plan.ts';
import type { Emission } from '../../../../transformer/compile-file.ts';
import { createSourceCompiler } from '../../../../transformer/host/compile-source.ts';
import { openPlanMemory } from '../../../../transformer/host/plans/plan-memory.ts';
import { collectFacts } from '../../../../transformer/host/ts6/program/collect-facts.ts';
import { resolveOptions } from '../../../../transformer/options.ts';
import { smallProject, type SmallProject } from '../../../helpers/small-project.ts';

const FILES = {
  'load.ts': `import type { Item } from './types.js';
import { round } from './round.js';
/** @cache */
export async function load(id: number): Promise<Item> {
  return { id: round(id), deep: { n: 1 } };
}
`,
  'types.ts': `import type { Deep } from './deep.js';
export interface Item { id: number; deep: Deep }
`,
  'deep.ts': 'export interface Deep { n: number }\n',
  'round.ts': `import { STEP } from 'steps';
export function round(n: number): number { return Math.round(n / STEP) * STEP; }
`,
  'other.ts': `/** @cache name=other */
export async function other(id: number): Promise<Shared> {
  return { on: id > 1 };
}
`,
  'base.ts': `export class Base {
  /** @cache */
  async all(n: number): Promise<number> { return this.one() + n; }
  one(): number { return 1; }
}
`,
  'main.ts': `import { load } from './load.js';
import { other } from './other.js';
export const both = async () => [await load(1), await other(1)];
`,
  'ambient.d.ts': 'interface Shared { on: boolean }\n',
};
const MARKED = ['base.ts', 'load.ts', 'other.ts'];

let project: SmallProject;
let shared: SmallProject;
let memories = 0;

beforeEach(() => {
  project = smallProject(FILES);
  shared = smallProject({ 'index.ts': 'export const STEP = 5;\n' });
  shared.write(
    'package.json',
    '{ "name": "steps", "version": "1.0.0", "type": "module", "main": "./index.ts" }',
  );
  project.write('node_modules/.keep', '');
  symlinkSync(shared.path, project.file('node_modules/steps'), 'dir');
});
afterEach(() => {
  project.remove();
  shared.remove();
});

/** Of the default library, which no test edits. */
const libraries = new Map<string, ts.SourceFile>();
afterAll(() => libraries.clear());

/** As a watch host: a file that did not change is the same object in the next program. */
function watching() {
  const sources = new Map<string, ts.SourceFile>();
  let before: ts.Program | undefined;
  const config = project.file(`tsconfig.json`);
  // Memory is by tsconfig: one session is nothing to the next.
  const session = `${config}?${++memories}`;
  return async (): Promise<{ readonly planned: readonly string[]; readonly read: readonly string[] }> => {
    const parsed = ts.getParsedCommandLineOfConfigFile(
      config,
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
          throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
        },
      },
    );
    if (parsed === undefined) throw new Error('no tsconfig');
    const host = ts.createCompilerHost(parsed.options);
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (file, options) => {
      const cache = file.includes('/typescript/lib/') ? libraries : sources;
      const known = cache.get(file);
      if (known !== undefined && (cache === libraries || known.text === ts.sys.readFile(file))) return known;
      const source = read(file, options);
      if (source === undefined) cache.delete(file);
      else cache.set(file, source);
      return source;
    };
    const program = ts.createProgram({
      rootNames: parsed.fileNames,
      options: parsed.options,
      host,
      ...(before !== undefined && { oldProgram: before }),
    });
    const { options } = resolveOptions(
      parsed.options['plugins'] === undefined ? {} : ownEntry(parsed),
      config,
    );
    const fresh = createSourceCompiler(ts, options);
    const own = program.getSourceFiles().filter((file) => !file.isDeclarationFile);
    const measure = planAll(own, (file, plans) => fresh(program, file, plans));
    /** Which files it planned. */
    const planWith = (open: typeof openPlanMemory, folder?: string): readonly string[] => {
      const planned: string[] = [];
      const kept = { config: session, salt: JSON.stringify(options), folder };
      const memory = open(ts, program, kept, (...all) => {
        const emission = fresh(...all);
        if (emission !== undefined) planned.push(nameOf(all[1]));
        return emission;
      });
      expect(planAll(own, (file, plans) => memory.compile(program, file, plans))).toEqual(measure);
      const collect = (files: readonly ts.SourceFile[]) => collectFacts(ts, program, files, names);
      expect(memory.facts(own, names, collect)).toEqual(collect(own));
      memory.save();
      return planned.toSorted();
    };
    const names = new Set(Object.values(measure).flatMap(({ plans }) => plans.map(({ name }) => name)));
    const next = await inNewProcess();
    const said = { planned: planWith(openPlanMemory), read: planWith(next, project.file('plans')) };
    // Not sooner: a watch host has the old program in hand while it makes the new one, and memory lasts as long as that.
    before = program;
    return said;
  };
}

/** The module as a process has it that has just been started: it remembers nothing. */
async function inNewProcess(): Promise<typeof openPlanMemory> {
  const path = `../../../../transformer/host/plans/plan-memory.ts?process=${++memories}`;
  const fresh = (await import(/* @vite-ignore */ path)) as { openPlanMemory: typeof openPlanMemory }; // the same module
  expect(fresh.openPlanMemory).not.toBe(openPlanMemory);
  return fresh.openPlanMemory;
}

function planAll(
  files: readonly ts.SourceFile[],
  compile: (file: ts.SourceFile, plans: readonly CachePlan[]) => Emission | undefined,
): Record<string, Emission> {
  const plans: CachePlan[] = [];
  const found: Record<string, Emission> = {};
  for (const file of files) {
    const emission = compile(file, plans);
    if (emission === undefined) continue;
    plans.push(...emission.plans);
    found[nameOf(file)] = emission;
  }
  return found;
}

const nameOf = ({ fileName }: ts.SourceFile): string => fileName.slice(fileName.lastIndexOf('/') + 1);

const ownEntry = ({ options }: ts.ParsedCommandLine): object => (options['plugins'] as object[])[0] ?? {}; // as written below

function edit(name: string, from: string, to: string): void {
  const text = project.read(name);
  if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
  project.write(name, text.replace(from, to));
}

interface Edit {
  readonly what: string;
  readonly run: () => void;
  readonly planned: readonly string[];
}

const edits: readonly Edit[] = [
  { what: 'nothing', run: () => undefined, planned: [] },
  { what: 'the file', run: () => edit('load.ts', 'round(id)', 'id + 1'), planned: ['load.ts'] },
  {
    what: 'an imported type',
    run: () => edit('types.ts', 'id: number', 'id: number; name?: string'),
    planned: ['load.ts'],
  },
  {
    what: 'a type two deep',
    run: () => edit('deep.ts', 'n: number', 'n: number; far?: Date'),
    planned: ['load.ts'],
  },
  {
    what: 'the body of a callee',
    run: () => edit('round.ts', 'Math.round', 'Math.floor'),
    planned: ['load.ts'],
  },
  {
    what: 'a constant in another package',
    run: () => shared.write('index.ts', 'export const STEP = 7;\n'),
    planned: ['load.ts'],
  },
  {
    what: 'an ambient declaration',
    run: () => edit('ambient.d.ts', 'on: boolean', 'on: boolean; off?: Date'),
    planned: MARKED,
  },
  {
    what: 'a new ambient declaration',
    run: () => project.write('more.d.ts', 'interface Shared { off?: Date }\n'),
    planned: MARKED,
  },
  {
    what: 'a module that becomes global',
    run: () => edit('main.ts', 'export', 'declare global { interface Shared { off?: Date } }\nexport'),
    planned: MARKED,
  },
  {
    what: 'an option of the compiler',
    run: () => edit('tsconfig.json', '"strict":true', '"strict":false'),
    planned: MARKED,
  },
  {
    what: 'an option of the entry',
    run: () => edit('tsconfig.json', '"transformProgram":true', '"transformProgram":true,"namespace":"n"'),
    planned: MARKED,
  },
  { what: 'the version of the package', run: () => edit('package.json', '1.0.0', '2.0.0'), planned: MARKED },
  { what: 'a module without marks', run: () => edit('main.ts', 'load(1)', 'load(2)'), planned: [] },
  { what: 'a new module', run: () => project.write('new.ts', 'export const one = 1;\n'), planned: [] },
  {
    what: 'a new marked module',
    run: () => project.write('new.ts', FILES['other.ts'].replaceAll('other', 'more')),
    planned: ['new.ts'],
  },
  {
    what: 'a new subclass that replaces a method',
    run: () =>
      project.write(
        'sub.ts',
        `import { Base } from './base.js';\nexport class Sub extends Base { override one(): number { return 7; } }\n`,
      ),
    planned: ['base.ts'],
  },
  {
    what: 'a file that now comes before another',
    run: () =>
      project.write('types.tsx', 'export interface Item { id: number; deep: { n: number; x?: 1 } }\n'),
    planned: [],
  },
  {
    what: 'a file that is gone',
    run: () => rmSync(project.file('deep.ts')),
    planned: ['load.ts'],
  },
  {
    what: 'an identity that another function has',
    run: () => project.write('again.ts', FILES['other.ts'].replace('function other', 'function again')),
    planned: ['again.ts', 'other.ts'],
  },
];

describe('after an edit, what is remembered is what would be planned', () => {
  it.each(edits)('$what', async ({ run, planned }) => {
    const round = watching();
    const first = await round();
    expect(first).toEqual({ planned: MARKED, read: MARKED });
    run();
    expect(await round()).toEqual({ planned, read: planned });
  });

  it('a file with an error, until it is repaired', async () => {
    const round = watching();
    edit('deep.ts', 'n: number', 'n: () => void');
    await round();
    expect(await round()).toEqual({ planned: ['load.ts'], read: ['load.ts'] });
    edit('deep.ts', 'n: () => void', 'n: number');
    expect(await round()).toEqual({ planned: ['load.ts'], read: ['load.ts'] });
    expect(await round()).toEqual({ planned: [], read: [] });
  });

  it('after any sequence of edits', async () => {
    const at = fc.nat({ max: edits.length - 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(at, { minLength: 2, maxLength: 6 }), async (sequence) => {
        for (const [name, text] of Object.entries(FILES)) project.write(name, text);
        const round = watching();
        expect((await round()).planned).toEqual(MARKED);
        for (const index of sequence) {
          try {
            edits[index]?.run();
          } catch {
            continue; // this text was edited away
          }
          await round();
        }
        for (const name of ['more.d.ts', 'new.ts', 'sub.ts', 'types.tsx', 'again.ts'])
          rmSync(project.file(name), { force: true });
      }),
      { numRuns: 8 },
    );
  });
});
