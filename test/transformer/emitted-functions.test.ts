// What the words around a body do, seen from outside: the runtime may run it again, and code may ask what it is.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProject } from '../../transformer/host/project/project.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const SOURCE = `export const seen: unknown[] = [];
/** @cache */
export async function changed(id: number, list: number[], { page = 1 }: { page?: number }): Promise<number> {
  seen.push([id, list, page]);
  id += 1;
  list = [...list, id];
  page += id;
  return id + list.length + page;
}
/** @cache */
export const arrow = async (id: number, max = 3): Promise<number> => id + max;
/** @cache */
export async function again(id: number): Promise<number> {
  var id: number = id + 1;
  seen.push(id);
  return id;
}
`;

interface Emitted {
  readonly seen: unknown[];
  readonly changed: (id: number, list: number[], query: object) => Promise<readonly number[]>;
  readonly again: (id: number) => Promise<readonly number[]>;
  readonly arrow: (id: number) => Promise<readonly number[]>;
}

type Body = (...args: readonly unknown[]) => Promise<number>;

/** A runtime that runs every body twice, as one that refreshes an entry does. */
const twice = {
  site: () => ({
    hit: () => undefined,
    run: async (args: readonly unknown[], body: Body) => [await body(...args), await body(...args)],
  }),
};

let project: SmallProject;
let emitted: Emitted;

beforeAll(() => {
  project = smallProject({ 'load.ts': SOURCE });
  const { code = '' } = openProject({ cwd: project.path }).compile('load.ts');
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2024 },
  });
  const exports = {};
  compileFunction(outputText, ['require', 'exports'])(() => twice, exports);
  emitted = exports as Emitted; // what SOURCE exports, with our runtime
});
afterAll(() => project.remove());

it('a body that changes its parameters finds what the caller passed when it runs again', async () => {
  const { changed, again, seen } = emitted;
  const [first, second] = await changed(1, [5], {});
  expect(second).toBe(first);
  const [one, other] = await again(1);
  expect(other).toBe(one);
  expect(seen).toEqual([[1, [5], 1], [1, [5], 1], 2, 2]);
});

it('a function keeps its name and length, and is no AsyncFunction, as the page says', () => {
  const { again, changed, arrow } = emitted;
  expect([changed.name, changed.length, arrow.name, arrow.length]).toEqual(['changed', 3, 'arrow', 1]);
  // The pattern of `changed` can throw, which must stay a rejection.
  const kinds = [again, arrow, changed].map((fn) => fn.constructor.name);
  expect(kinds).toEqual(['Function', 'Function', 'AsyncFunction']);
  const page = fileURLToPath(new URL('../../docs/guide/source-forms.md', import.meta.url));
  expect(readFileSync(page, 'utf8')).toContain('`AsyncFunction`');
});
