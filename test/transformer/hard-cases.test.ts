// Forms and types at the edge that no fixture is about: which code answers, at which function.
import { afterAll, describe, expect, it } from 'vitest';
import { openProject } from '../../transformer/host/project/project.ts';
import { smallProject } from '../helpers/small-project.ts';

interface HardCase {
  readonly source: string;
  readonly codes: readonly string[];
  /** A function of the file is. */
  readonly cached: boolean;
}

const CASES = {
  'a Result that is a class with methods': {
    source: `class Ok { constructor(readonly value: number) {} isOk(): this is Ok { return true; } }
     /** @cache.production */
     export async function load(id: number): Promise<Ok> { return new Ok(id); }`,
    codes: ['CK1108'],
    cached: false,
  },
  'a Result that is a union, of which the failed arm is not stored': {
    source: `type Result = { ok: true; value: number } | { ok: false; error: string };
     /** @cache.production */
     export async function load(id: number): Promise<Result> { return { ok: true, value: id }; }`,
    codes: [],
    cached: true,
  },
  'a Result of a library that holds errors': {
    source: `class Err { constructor(readonly error: Error) {} unwrap(): never { throw this.error; } }
     /** @cache.production */
     export async function load(id: number): Promise<{ value: number } | Err> { return { value: id }; }`,
    codes: ['CK1108'],
    cached: false,
  },
  'a resource that is given back before its caller has it': {
    source: `declare function open(): Promise<AsyncDisposable & { id: number }>;
     /** @cache.production */
     export async function load(id: number) { await using handle = await open(); return handle; }`,
    codes: ['CK1107'],
    cached: false,
  },
  'a symbol of the language as a key': {
    source: `/** @cache.production */
     export async function load(id: number): Promise<{ id: number; [Symbol.dispose](): void }> { throw id; }`,
    codes: ['CK1107'],
    cached: false,
  },
  'two functions of one name in a namespace that is written twice': {
    source: `namespace Data { /** @cache.production */
       async function load(id: number): Promise<number> { return id; } export const a = load; }
     namespace Data { /** @cache.production */
       async function load(id: number): Promise<number> { return id; } export const b = load; }
     export { Data };`,
    codes: ['CK1017'],
    cached: true,
  },
  'a relation that is loaded when it is read': {
    source: `class Post { id = 1; author!: Promise<{ name: string }>; }
     /** @cache.production */
     export async function load(id: number): Promise<Post> { throw id; }`,
    codes: ['CK1107', 'CK2021'],
    cached: false,
  },
  'a number class without a codec': {
    source: `class Decimal { constructor(readonly text: string) {} plus(other: Decimal): Decimal { return other; } }
     /** @cache.production */
     export async function load(id: number): Promise<{ price: Decimal }> { throw id; }`,
    codes: ['CK1108'],
    cached: false,
  },
  'a function in a static block': {
    source: `export class Reports { static load: (id: number) => Promise<number>;
       static { /** @cache.production */ Reports.load = async (id: number) => id; } }`,
    codes: [],
    cached: true,
  },
  'a property that is the name of the prototype': {
    source: `/** @cache.production */
     export async function load(id: number): Promise<{ id: number; __proto__?: number }> { return { id }; }`,
    codes: ['CK1107'],
    cached: false,
  },
  'a static block': {
    source: `export class Reports { static n = 0; /** @cache.production */ static { this.n = 1; } }`,
    codes: ['CK1115'],
    cached: false,
  },
} as const satisfies Readonly<Record<string, HardCase>>;

const names = Object.keys(CASES) as readonly (keyof typeof CASES)[]; // its own keys
const project = smallProject(
  Object.fromEntries(names.map((name, index) => [`case${index}.ts`, CASES[name].source])),
  { lib: ['esnext'] },
);
afterAll(() => project.remove());

describe('a hard case', () => {
  const opened = openProject({ cwd: project.path });
  it.each(names.map((name, index) => [name, index] as const))('%s', (name, index) => {
    const { diagnostics, code } = opened.compile(project.file(`case${index}.ts`));
    const { codes, cached } = CASES[name];
    const said = diagnostics.filter((one) => one.severity !== 'info').map((one) => one.code);
    expect(said.toSorted()).toEqual(codes);
    expect(code?.includes('$ck0.run(') ?? false).toBe(cached);
  });
});

/** A default export has no name: the file names it, and two files of one name are in two folders. */
it('default exports of two index files have an id each', () => {
  const load =
    '/** @cache.production */\nexport default async function (id: number): Promise<number> { return id; }';
  const small = smallProject({
    'a/index.ts': load,
    'b/index.ts': load,
    'main.ts': "import a from './a/index.js';\nimport b from './b/index.js';\nexport { a, b };",
  });
  try {
    const opened = openProject({ cwd: small.path });
    const compiled = ['a/index.ts', 'b/index.ts'].map((file) => opened.compile(small.file(file)));
    expect(compiled.flatMap(({ diagnostics }) => diagnostics.map((one) => one.code))).toEqual([]);
    expect(compiled.flatMap(({ plans }) => plans.map((plan) => plan.id))).toEqual([
      'small/a/index#default',
      'small/b/index#default',
    ]);
  } finally {
    small.remove();
  }
});
