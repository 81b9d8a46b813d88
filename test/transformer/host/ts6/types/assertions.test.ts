// CK2006 at an assertion: an answer that is of another type than declared, and that no checker looks at.
import { describe, expect, it } from 'vitest';
import { testProgram } from '../../../2-shape/typescript-program.ts';

const PRELUDE = `
interface User { readonly id: number; readonly name: string }
interface Row { readonly id: number }
declare const row: Row, user: User, raw: any, unsure: unknown, isOld: boolean;
declare function load(): Promise<Row>;
`;

/** `path: type at assertion` of each finding in `f`. */
function found(code: string): readonly string[] {
  const program = testProgram(`${PRELUDE}\n${code}`);
  const text = program.file('main.ts').text;
  return (program.signature('f').asserted ?? []).map(
    ({ path, type, range }) => `${path}: ${type} at ${text.slice(range.start, range.end)}`,
  );
}

describe('an assertion that takes all checks away', () => {
  it.each([
    ['async function f(): Promise<User> { return row as any; }', ': Row at row as any'],
    ['async function f(): Promise<User> { return <any>row; }', ': Row at <any>row'],
    ['async function f(): Promise<User> { return row as never; }', ': Row at row as never'],
    [
      'async function f(): Promise<User> { return row as unknown as User; }',
      ': Row at row as unknown as User',
    ],
    ['async function f(): Promise<User> { return (row as any) as User; }', ': Row at (row as any) as User'],
    ['async function f(): Promise<User> { return (await load()) as any; }', ': Row at (await load()) as any'],
    ['async function f(): Promise<User> { return load() as any; }', ': Row at load() as any'],
    [
      'async function f(): Promise<User> { return { id: 1 } as any; }',
      ': { id: number; } at { id: 1 } as any',
    ],
    [
      'async function f(): Promise<User | null> { return isOld ? null : (row as any); }',
      ': Row at row as any',
    ],
    [
      'async function f(): Promise<{ list: User[] }> { return { list: [row as any] }; }',
      '.list[]: Row at row as any',
    ],
    [
      'async function f(): Promise<User> { const one: User = row as any; return one; }',
      ': Row at row as any',
    ],
  ])('%s', (code, expected) => {
    expect(found(code)).toEqual([expected]);
  });

  it.each([
    // Nobody knew what it is: there is nothing to hide.
    'async function f(): Promise<User> { return JSON.parse("{}"); }',
    'async function f(): Promise<User> { return raw as any; }',
    'async function f(): Promise<User> { return unsure as any; }',
    'async function f(): Promise<User> { return (await raw()) as unknown as User; }',
    'async function f(): Promise<User> { return JSON.parse("{}") as User; }',
    // It fits as it is.
    'async function f(): Promise<User> { return user as any; }',
    'async function f(): Promise<Row> { return user as unknown as Row; }',
    // Between types that have something in common, the checker has a say.
    'async function f(): Promise<User> { return row as User; }',
    'async function f(): Promise<User> { return { ...row, name: raw as any }; }',
    // Of a type parameter nobody can make a value.
    "async function f<T extends 'a' | 'b'>(of: T): Promise<T extends 'a' ? 'x' : 'y'> { return 'x' as never; }",
    // Declared to be anything.
    'async function f(): Promise<any> { return row as any; }',
    'async function f(): Promise<{ extra: unknown }> { return { extra: row as any }; }',
    'async function f() { return row as any; }',
    'async function f(): Promise<number> { const other = row as any; return Number(other.id); }',
  ])('is none in %s', (code) => {
    expect(found(code)).toEqual([]);
  });
});
