// What goes wrong inside of the compiler is a diagnostic of the one function it is about.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compileFile, type CompileInput } from '../../transformer/compile-file.ts';
import { createSyntaxReader } from '../../transformer/host/ts6/syntax/syntax-reader.ts';
import { resolveOptions } from '../../transformer/options.ts';
import { FOLDER, testProgram } from './2-shape/typescript-program.ts';

const TWO = `/** @cache.production */
export async function one(id: number): Promise<number> { return id; }
/** @cache.production */
export async function two(id: number): Promise<number> { return id; }
`;

function input(text: string): CompileInput {
  const program = testProgram(text);
  const { options } = resolveOptions({}, '');
  return {
    file: `${FOLDER}/main.ts`,
    path: 'main.ts',
    syntax: createSyntaxReader(ts, program.file('main.ts')),
    types: program.reader(),
    project: { packageName: 'p', packageVersion: '', options, strictNullChecks: true },
  };
}

const saidOf = (compiled: ReturnType<typeof compileFile>) =>
  compiled.diagnostics.map(({ code, message, range }) => `${code} ${range.start} ${message}`);

describe('our own bugs', () => {
  it('a text that does not parse leaves only its function as written', () => {
    const problemOf = (text: { readonly tail: string }) =>
      text.tail.includes('#one') ? 'it is broken' : undefined;
    const compiled = compileFile({ ...input(TWO), problemOf });
    expect(saidOf(compiled)).toEqual([`CK1407 4 cachekit bug in stage 'code': it is broken.`]);
    expect(compiled.texts?.fns.map((fn) => fn.fnPos)).toEqual([
      TWO.indexOf('\n/** @cache.production */', 10),
    ]);
    expect(compiled.texts?.tail.split('\n')).toHaveLength(1);
    expect(compiled.plans.map((plan) => plan.name)).toEqual(['one', 'two']);
  });

  it('a stage that throws as well', () => {
    const given = input(TWO);
    const types: CompileInput['types'] = {
      ...given.types,
      codeTokens: (target) => {
        if (target.name === 'two') throw new Error('no tokens');
        return given.types.codeTokens(target);
      },
    };
    const compiled = compileFile({ ...given, types });
    expect(saidOf(compiled)).toEqual([expect.stringContaining("stage 'plan': no tokens")]);
    expect(compiled.texts?.fns).toHaveLength(1);
  });

  it('a reader that throws leaves the file as written', () => {
    const given = input(TWO);
    const syntax = {
      ...given.syntax,
      comments: () => {
        throw new Error('no comments');
      },
    };
    const compiled = compileFile({ ...given, syntax });
    expect(saidOf(compiled)).toEqual([`CK1407 0 cachekit bug in stage 'scan': no comments.`]);
    expect(compiled.texts).toBeUndefined();
  });
});

describe('the key function of cached()', () => {
  const hashes = (key: string, more = '') => {
    const { plans } = compileFile(
      input(`import { cached } from 'cachekit'; ${more}
const load = async (id: string): Promise<string> => id;
export const one = cached.production(load, { key: ${key} });`),
    );
    return [plans[0]?.shapeHash, plans[0]?.codeHash];
  };

  it('is part of both fingerprints, without its formatting', () => {
    const [shape, code] = hashes('(id: string) => id.trim()');
    expect(hashes('(id) => /* the name */ id\n  .trim()')).toEqual([shape, code]);
    const [other, otherCode] = hashes('(id: string) => id.toLowerCase()');
    expect([other === shape, otherCode === code]).toEqual([false, false]);
  });

  it('counts with what it calls: one key text must not mean other arguments', () => {
    const by = (body: string) => hashes('(id) => fold(id)', `const fold = (id: string) => ${body};`)[0];
    expect(by('id.trim()')).not.toBe(by('id.toLowerCase()'));
    const named = (body: string) => hashes('fold', `function fold(id: string) { return ${body}; }`)[0];
    expect(named('id.trim()')).not.toBe(named('id.toLowerCase()'));
    const spread = (body: string) => {
      const { plans } = compileFile(
        input(`import { cached } from 'cachekit'; const base = { key: (id: string) => ${body} } as const;
export const one = cached.production(async (id: string): Promise<string> => id, { ...base, ttl: 60 });`),
      );
      return plans[0]?.shapeHash;
    };
    expect(spread('id.trim()')).toMatch(/^[0-9a-f]{16}$/);
    expect(spread('id.trim()')).not.toBe(spread('id.toLowerCase()'));
  });
});
