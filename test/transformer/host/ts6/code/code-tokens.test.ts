import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { type CodeTokens, codeTokens } from '../../../../../transformer/host/ts6/code/code-tokens.ts';
import { type Files, FOLDER, ROOT, testProgram } from '../../../2-shape/typescript-program.ts';

/** Without Node's types: a hundred programs are made here. */
const LIGHT: ts.CompilerOptions = { types: [], lib: ['lib.es2015.d.ts'] };

function tokens(files: Files | string, folder = FOLDER): CodeTokens {
  const program = testProgram(typeof files === 'string' ? { 'main.tsx': files } : files, LIGHT, folder);
  const main = typeof files === 'string' ? 'main.tsx' : 'main.ts';
  return codeTokens(ts, program.program, program.checker, program.node('f', main));
}

const text = (files: Files | string, folder = FOLDER): string => tokens(files, folder).text;

describe('what is written differently but runs the same', () => {
  it.each([
    ['comments', 'const f = () => { return 1; }', 'const f = () => { /* a */ return 1; // b\n }'],
    ['white space', 'const f = (a: 1) => { return a + 1 }', 'const f = (a: 1) => {\n\n  return a+1\n}'],
    ['semicolons', 'const f = () => { let a = 1; return a; }', 'const f = () => { let a = 1\n return a }'],
    ['quotes', 'const f = () => "it\'s"', "const f = () => 'it\\'s'"],
    ['trailing commas', 'const f = () => [1, { a: 1 }]', 'const f = () => [\n1,\n{ a: 1, },\n]'],
    ['parentheses of an arrow', 'const f = () => [1].map((x) => x)', 'const f = () => [1].map(x => x)'],
    ['async arrow parentheses', 'const f = () => (async (x) => x)', 'const f = () => (async x => x)'],
    ['types', 'const f = (a: string): number => a as any', 'const f = (a: unknown) => a!'],
    [
      'annotations',
      'const f = (a: string, b?: number): void => { let c!: Date; a ? b : c }',
      'const f = (a, b) => { let c; a ? b : c }',
    ],
    ['spelling of numbers', 'const f = () => 0xff', 'const f = () => 255'],
    [
      'what is put into something else',
      'const t = [0]; const u = [0]; u.push(1); const f = () => t',
      'const t = [0]; const u = [0]; u.push(2); const f = () => t',
    ],
    ['an unrelated function', 'const f = () => 1', 'const f = () => 1; const g = () => 2'],
    ['a type it names', 'type T = 1; const f = (a: T) => a', 'type T = 2; const f = (a: T) => a'],
    [
      'names of variables',
      'const f = (a: 1) => { const b = a; return b }',
      'const f = (x: 1) => { const y = x; return y }',
    ],
    [
      'names that are bound',
      'const f = ({ a, b: [c] }: any, ...d: 1[]) => { for (const e of d) a(e, c) }',
      'const f = ({ a: x, b: [y] }: any, ...z: 1[]) => { for (const w of z) x(w, y) }',
    ],
    ['names in shorthand properties', 'const f = (a: 1) => ({ a })', 'const f = (b: 1) => ({ a: b })'],
    [
      'names in helpers',
      'const f = () => g(1); const g = (a: number) => a',
      'const f = () => g(1); const g = (b: number) => b',
    ],
    [
      'a doc comment inside',
      'const f = () => { const a = 1; return a }',
      'const f = () => { /** @type */ const a = 1; return a }',
    ],
  ])('%s', (_, a, b) => {
    expect(text(a)).toBe(text(b));
  });
});

describe('what runs differently', () => {
  it.each([
    ['the body', 'const f = () => 1', 'const f = () => 2'],
    ['which variable', 'const f = (a: 1, b: 2) => a', 'const f = (a: 1, b: 2) => b'],
    [
      'a pattern that fills',
      'const t = { a: 1 }; [t.a] = [2]; const f = () => t',
      'const t = { a: 1 }; [t.a] = [3]; const f = () => t',
    ],
    [
      'a property pattern that fills',
      'const t = { a: 1 }; ({ b: t.a } = { b: 2 }); const f = () => t',
      'const t = { a: 1 }; ({ b: t.a } = { b: 3 }); const f = () => t',
    ],
    [
      'a loop that fills',
      'const t = { a: 1 }; for (t.a of [2]); const f = () => t',
      'const t = { a: 1 }; for (t.a of [3]); const f = () => t',
    ],
    ['the name of a property', 'const f = (a: 1) => ({ a })', 'const f = (b: 1) => ({ b })'],
    ['the property that is bound', 'const f = ({ a }: any) => a', 'const f = ({ b }: any) => b'],
    [
      'the name of a function',
      'const f = () => { const a = () => 1; return a.name }',
      'const f = () => { const b = () => 1; return b.name }',
    ],
    ['a default', 'const f = (a = 1) => a', 'const f = (a = 2) => a'],
    ...[
      ['what a module puts into a constant', 'const t = new Map(); t.set("a", 1); const f = () => t'],
      [
        'what a loop of a module puts into it',
        'const t = [0]; for (const a of [1]) t.push(a); const f = () => t',
      ],
      ['a property that is assigned', 'const t: any = {}; t.a.b = 1; const f = () => t'],
      ['a property of a function', 'function g() {} g.rate = 1; const f = () => g.rate'],
      ['a method that is assigned', 'class K {} (K.prototype as any).m = () => 1; const f = () => new K()'],
      ['what Object.assign puts into it', 'const t = {}; Object.assign(t, { a: 1 }); const f = () => t'],
      ['a variable that is assigned', 'let t = 0; t = 1; const f = () => t'],
      ['a step of a module', 'const t = { a: 0 }; for (let i = 0; i < 1; i++) t.a++; const f = () => t'],
      ['a deletion', 'const t: any = { a: 0, b: 0 }; delete t["1"]; const f = () => t'],
      [
        'what a helper gives that fills it',
        'const t = [0]; t.push(g()); const f = () => t; const g = () => 1',
      ],
    ].map(([name = '', before = '']): [string, string, string] => [name, before, before.replace('1', '2')]),
    ['a template', 'const f = (a: 1) => `x ${a} y`', 'const f = (a: 1) => `x ${a}  y`'],
    ['a regular expression', 'const f = () => /a b/', 'const f = () => /a  b/'],
    ['a string', 'const f = () => "a"', 'const f = () => "a "'],
    ['a hole', 'const f = () => [1,,]', 'const f = () => [1,]'],
    ['parts of for', 'const f = () => { for (;1;) {} }', 'const f = () => { for (1;;) {} }'],
    ['an empty statement', 'const f = () => { while (1); { } }', 'const f = () => { while (1) { } }'],
    [
      'a statement that ends',
      'declare let a: any, b: any; const f = () => { a; (b) }',
      'declare let a: any, b: any; const f = () => { a (b) }',
    ],
    ['spread', 'const f = (a: 1[]) => [a]', 'const f = (a: 1[]) => [...a]'],
    [
      'a callee',
      'function g() { return 1 } const f = () => g()',
      'function g() { return 2 } const f = () => g()',
    ],
    [
      'a callee of a callee',
      'const h = () => 1; const g = () => h(); const f = () => g()',
      'const h = () => 2; const g = () => h(); const f = () => g()',
    ],
    ['a constant', 'const rate = 1; const f = () => rate', 'const rate = 2; const f = () => rate'],
    [
      'a destructured constant',
      'const { rate } = { rate: 1 }; const f = () => rate',
      'const { rate } = { rate: 2 }; const f = () => rate',
    ],
    [
      'a shorthand constant',
      'const rate = 1; const f = () => ({ rate })',
      'const rate = 2; const f = () => ({ rate })',
    ],
    [
      'a class',
      'class K { m() { return 1 } } const f = () => new K()',
      'class K { m() { return 2 } } const f = () => new K()',
    ],
    [
      'a base class',
      'class B { m() { return 1 } } class K extends B {} const f = () => new K()',
      'class B { m() { return 2 } } class K extends B {} const f = () => new K()',
    ],
    [
      'a method of this',
      'class K { f() { return this.g() } g() { return 1 } }',
      'class K { f() { return this.g() } g() { return 2 } }',
    ],
    [
      'a private method',
      'class K { f() { return this.#g() } #g() { return 1 } }',
      'class K { f() { return this.#g() } #g() { return 2 } }',
    ],
    [
      'a method of an object',
      'const o = { g() { return 1 } }; const f = () => o.g()',
      'const o = { g() { return 2 } }; const f = () => o.g()',
    ],
    ['an enum', 'enum E { A = 1 } const f = () => E.A', 'enum E { A = 2 } const f = () => E.A'],
    [
      'a JSX component',
      'const G = () => 1; const f = () => <G />',
      'const G = () => 2; const f = () => <G />',
    ],
  ])('%s', (_, a, b) => {
    expect(text(a)).not.toBe(text(b));
  });
});

describe('across files', () => {
  const files = (
    leaf: string,
    main = "import { g } from './barrel.ts'; export const f = () => g();",
  ): Files => ({
    'main.ts': main,
    'barrel.ts': "export * from './g.ts'; export const unused = 1;",
    'g.ts':
      "import * as leaf from './leaf.ts'; export function g() { return leaf.value() } export const alone = () => 1",
    'leaf.ts': leaf,
  });

  it('sees a callee behind a re-export and a namespace import, and nothing beside it', () => {
    const plain = files('export const value = () => 1; export const beside = 1;');
    expect(text(plain)).not.toBe(text(files('export const value = () => 2; export const beside = 1;')));
    expect(text(files('export const value = () => 1; export const beside = 2;'))).toBe(text(plain));
    expect(tokens(plain).files.map((file) => file.replace(`${FOLDER}/`, ''))).toEqual([
      'g.ts',
      'leaf.ts',
      'main.ts',
    ]);
  });

  it('sees default exports, and modules that are loaded while running', () => {
    const main = (text: string) => (leaf: string) => ({ 'main.ts': text, 'leaf.ts': leaf });
    const byDefault = main("import g from './leaf.ts'; export const f = () => g;");
    expect(text(byDefault('export default { a: 1 }'))).not.toBe(text(byDefault('export default { a: 2 }')));
    const lazy = main("export const f = async () => (await import('./leaf.ts')).g();");
    expect(text(lazy('export const g = () => 1'))).not.toBe(text(lazy('export const g = () => 2')));
    const whole = main("import * as leaf from './leaf.ts'; export const f = () => Object.keys(leaf);");
    expect(text(whole('export const g = 1'))).not.toBe(text(whole('export const h = 1')));
  });

  it('does not depend on where the project is', () => {
    const project = files('export const value = () => 1;');
    expect(text(project, `${ROOT}/elsewhere/deep`)).toBe(text(project));
  });

  it('ends on cycles, and has each declaration once', () => {
    const cycle =
      'function g(n: number): number { return h(n) + h(n) } function h(n: number): number { return f(n) + g(n) } export function f(n: number): number { return g(n) + h(n) }';
    expect(text(cycle).match(/function g/g)).toHaveLength(1);
    expect(text(cycle).match(/function h/g)).toHaveLength(1);
  });

  it('has all files of the project when more than 2,000 declarations are reached', () => {
    const many = Array.from({ length: 2_100 }, (_, index) => `const c${index} = c${index + 1};`).join('\n');
    const project = (last: string): Files => ({
      'main.ts': `${many}\nconst c2100 = ${last}; export const f = () => c0;`,
      'far.ts': 'export const far = 1',
    });
    expect(text(project('1'))).not.toBe(text(project('2')));
    expect(tokens(project('1')).files).toHaveLength(2);
  });
});

describe('third-party code', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-tokens-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const install = (name: string, version: string, source?: string): void => {
    const home = join(folder, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    const types = source === undefined ? {} : { types: './index.d.ts' };
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version, ...types }));
    if (source !== undefined) writeFileSync(join(home, 'index.d.ts'), source);
  };

  it('is there by name and version', () => {
    const main =
      "import { round } from 'mathy'; import { old } from 'untyped'; export const f = () => round(old(1));";
    install('mathy', '1.2.3', 'export declare function round(n: number): number;');
    install('@types/untyped', '9.0.0', 'export declare function old(n: number): number;');
    install('untyped', '2.0.0');
    const before = tokens({ 'main.ts': main }, folder);
    expect(before.text).toContain('mathy@1.2.3');
    expect(before.text).toContain('untyped@2.0.0');
    expect(before.files).toEqual([`${folder}/main.ts`]);
    install('mathy', '1.2.4', 'export declare function round(n: number): number;');
    expect(text({ 'main.ts': main }, folder)).not.toBe(before.text);
  });

  it('of the cache itself is not: another version of it gives no other results', () => {
    const main =
      "import { cached, withoutCache } from 'cachekit'; const g = cached(() => 1); export const f = () => withoutCache(g);";
    const types =
      'export declare function cached<F>(f: F): F; export declare function withoutCache<T>(f: () => T): T;';
    install('cachekit', '1.0.0', types);
    const before = text({ 'main.ts': main }, folder);
    install('cachekit', '1.0.1', types);
    expect(text({ 'main.ts': main }, folder)).toBe(before);
  });
});
