// CK2021 at the expression: an instance where the declared result is plain data, as far as types and syntax lead.
import { describe, expect, it } from 'vitest';
import { testProgram } from '../../../2-shape/typescript-program.ts';

const PRELUDE = `
interface Dto { readonly id: number }
interface Page { list: Dto[]; first?: Dto; extra: unknown }
class P { constructor(readonly id: number) {} }
class Rich { constructor(readonly id: number) {} save(): void {} }
declare const raw: any, isOld: boolean;
declare function find(): Promise<P>;
declare function plain(): Promise<Dto>;
declare const client: {
  get<T>(url: string): Promise<T>;
  fetch<T = unknown, R = { data: T }>(url: string): Promise<R>;
  make<T>(type: new (id: number) => T): T;
};
declare class Store<T> { find(id: number): Promise<T> }
declare const store: Store<P>;
`;

/** `path: class` of each finding in `f`. */
function found(code: string): readonly string[] {
  const program = testProgram(`${PRELUDE}\n${code}`);
  const instances = program.signature('f').instances ?? [];
  const text = program.file('main.ts').text;
  return instances.map(
    ({ path, type, range }) => `${path}: ${type} at ${text.slice(range.start, range.end)}`,
  );
}

describe('an instance behind a plain declared type', () => {
  it.each([
    ['async function f(): Promise<Dto> { return new P(1); }', ': P at new P(1)'],
    ['const f = async (): Promise<Dto> => new Rich(1);', ': Rich at new Rich(1)'],
    ['async function f(): Promise<Dto> { const p = new P(1); return p; }', ': P at p'],
    ['async function f(): Promise<Dto> { const p: Dto = new P(1); return p; }', ': P at new P(1)'],
    ['async function f() { const p: Dto = new P(1); return p; }', ': P at new P(1)'],
    ['async function f(): Promise<Dto> { let p: Dto; p = new P(1); return p; }', ': P at new P(1)'],
    ['async function f(): Promise<Dto> { return isOld ? { id: 1 } : (new P(1) as Dto); }', ': P at new P(1)'],
    ['async function f(): Promise<Dto | null> { return raw ?? new P(1); }', ': P at new P(1)'],
    ['async function f(): Promise<Dto> { return await find(); }', ': P at find()'],
    ['function f(): Promise<Dto> { return find(); }', ': P at find()'],
    ['function f(): Promise<Dto> { return Promise.resolve(new P(1)); }', ': P at Promise.resolve(new P(1))'],
    ['async function f(): Promise<Dto[]> { return [{ id: 1 }, new P(2)]; }', '[]: P at new P(2)'],
    [
      'async function f(): Promise<Dto[]> { return [1].map((id) => new P(id)); }',
      '[]: P at [1].map((id) => new P(id))',
    ],
    ['async function f(): Promise<Dto[]> { const all = [new P(1)]; return [...all]; }', '[]: P at all'],
    ['async function f(): Promise<readonly [Dto]> { return [new P(1)]; }', '[]: P at new P(1)'],
    [
      'async function f(): Promise<Page> { const first: Dto = new P(1); return { list: [], first, extra: 1 }; }',
      '.first: P at new P(1)',
    ],
    [
      'async function f(): Promise<Page> { return { list: [], extra: { deep: [new P(1)] } }; }',
      '.extra.deep[]: P at new P(1)',
    ],
    [
      'async function f(): Promise<Page> { const page = { list: [new P(1)], extra: 1 }; return page; }',
      '.list[]: P at page',
    ],
    ['async function f(): Promise<Record<string, Dto>> { return { a: new P(1) }; }', '.a: P at new P(1)'],
    [
      "async function f(): Promise<{ message: string }> { return new Error('no'); }",
      ": Error at new Error('no')",
    ],
    [
      'async function f(): Promise<{ size: number }> { return new Map([[1, 2]]); }',
      ': Map at new Map([[1, 2]])',
    ],
    ["async function f(): Promise<Uint8Array> { return Buffer.from('a'); }", ": Buffer at Buffer.from('a')"],
    // Where a primitive is declared, TypeScript reports an instance itself, unless something hides it from the checker.
    [
      'async function f(): Promise<{ name: string }> { const name: any = new P(1); return { name }; }',
      '.name: P at new P(1)',
    ],
    [
      'async function f(): Promise<{ name: string }> { return { name: new P(1) as any }; }',
      '.name: P at new P(1)',
    ],
    [
      'declare const either: P | string; async function f(): Promise<{ name: string }> { return { name: either as string }; }',
      '.name: P at either',
    ],
    [
      'function f(id: string): Promise<{ name: string }>; function f(id: any): any { return { name: new P(1) }; }',
      '.name: P at new P(1)',
    ],
    [
      'const f: () => Promise<{ name: string }> = async () => (isOld ? raw : { name: new P(1) });',
      '.name: P at new P(1)',
    ],
    // Nobody asks the checker what it is that `new Map()` makes.
    [
      'async function f(): Promise<{ by: Set<number> | { size: number } }> { const by = new Map([[1, 2]]); return { by }; }',
      '.by: Map at by',
    ],
    [
      'async function f(): Promise<{ by: ReadonlyMap<string, number> | { a: number } }> { class Map { a = 1; } const by = new Map(); return { by }; }',
      '.by: Map at by',
    ],
    [
      'async function f(): Promise<{ by: ReadonlyMap<string, number> | Dto }> { let by: any = new Map(); by = new P(1); return { by }; }',
      '.by: P at new P(1)',
    ],
    // The class is an argument, or what the store was made for: instances are made.
    ['async function f(): Promise<Dto> { return client.make(P); }', ': P at client.make(P)'],
    ['async function f(): Promise<Dto> { return store.find(1); }', ': P at store.find(1)'],
    ['async function f(): Promise<Dto> { const p: P = new P(1); return p; }', ': P at p'],
    ['async function f(): Promise<Dto> { let p = raw as P; p = new P(1); return p; }', ': P at p'],
  ])('%s', (code, expected) => {
    expect(found(code)).toEqual([expected]);
  });

  it.each([
    'async function f(): Promise<Dto> { return { ...new P(1) }; }',
    'async function f(): Promise<Dto> { return plain(); }',
    // A spread gives the elements, not the object that has them.
    'async function f(): Promise<string[]> { return [...new Set(["a"])]; }',
    'async function f(): Promise<{ all: [string, number][] }> { const by = new Map([["a", 1]]); return { all: [...by, ["b", 2]] }; }',
    'async function f(): Promise<number[]> { return [...(isOld ? new Set([1]) : [])]; }',
    // Types that only the caller claims: whatever the server sent was not made by a class.
    "async function f(): Promise<Dto> { return client.get<P>('/p'); }",
    "async function f(): Promise<Dto> { const p = await client.get<P>('/p'); return p; }",
    "async function f(): Promise<Dto> { const p: P = await client.get('/p'); return p; }",
    "async function f(): Promise<Dto> { return (await client.fetch<P>('/p')).data; }",
    "async function f(): Promise<Dto> { const { data } = await client.fetch<P>('/p'); return data; }",
    "async function f(): Promise<Page> { const list = await client.get<P[]>('/p'); return { list, first: list[0], extra: 1 }; }",
    "async function f(): Promise<Dto[]> { const list = await client.get<P[]>('/p'); return list.filter(({ id }) => id > 1); }",
    'async function f(): Promise<Dto> { const p: P = JSON.parse("1"); return p; }',
    'async function f(): Promise<Dto> { const p = raw as P; return p; }',
    'async function f(): Promise<P> { return new P(1); }',
    'async function f() { return new P(1); }',
    // The function's own result is P, and said to be one.
    'const f: () => Promise<Dto> = async () => new P(1);',
    'async function f(): Promise<Dto | P> { return isOld ? new P(1) : { id: 1 }; }',
    'async function f(): Promise<Dto> { return raw as P; }',
    'async function f(): Promise<{ id: number }> { const { id } = new P(1); return { id }; }',
    'async function f(): Promise<ReadonlyMap<string, Date>> { return new Map([["a", new Date()]]); }',
    'async function f(): Promise<{ by: ReadonlyMap<string, number> }> { const by = new Map([["a", 1]]); return { by }; }',
    'async function f(): Promise<Uint8Array> { return new Uint8Array(2); }',
    'async function f(): Promise<Date[]> { return [new Date()]; }',
    'async function f(): Promise<Dto> { const make = () => new P(1); return { id: make().id }; }',
    'interface Tree { kids: Tree[] } async function f(t: Tree): Promise<Tree> { return { kids: [t, ...t.kids] }; }',
  ])('is none in %s', (code) => {
    expect(found(code)).toEqual([]);
  });
});
