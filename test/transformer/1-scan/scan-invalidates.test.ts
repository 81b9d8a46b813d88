// `@cacheInvalidate` in comments: which function it is about, and what it says.
import { describe, expect, it } from 'vitest';
import { parseInvalidation } from '../../../transformer/1-scan/parse-invalidation.ts';
import { problemsOf, scanSource, textAt } from './scan-source.ts';

const SAVE = 'export async function save(id: number) {}\n';

/** `save: getReport(id) | tag:x`: each writer with what it invalidates. */
function writersOf(source: string): readonly string[] {
  return scanSource(source).writers.map(
    ({ target, invalidations }) =>
      `${target.qualifiedName}: ${invalidations.map(({ text }) => text).join(' | ')}`,
  );
}

describe('writers', () => {
  it.each([
    ['a block', `/** @cacheInvalidate getReport(id) */\n${SAVE}`, 'save: getReport(id)'],
    [
      'several tags',
      `/**\n * Saves.\n * @cacheInvalidate a(id)\n * @cacheInvalidate tag:b\n */\n${SAVE}`,
      'save: a(id) | tag:b',
    ],
    [
      'several on a line',
      `/** @cacheInvalidate a(id) @cacheInvalidate b(*) */\n${SAVE}`,
      'save: a(id) | b(*)',
    ],
    [
      'two blocks',
      `/** @cacheInvalidate a(id) */\n/** @cacheInvalidate b(id) */\n${SAVE}`,
      'save: a(id) | b(id)',
    ],
    [
      'a suppression behind it',
      `/** @cacheInvalidate tag:a @cacheAllow CK2019 elsewhere */\n${SAVE}`,
      'save: tag:a',
    ],
    [
      'a method',
      `class A { /** @cacheInvalidate this.load(id) */ async save(id: number) {} }`,
      'A.save: this.load(id)',
    ],
    ['an arrow', `/** @cacheInvalidate a() */ const save = () => 1;`, 'save: a()'],
  ])('%s', (_what, source, expected) => {
    expect(writersOf(source)).toEqual([expected]);
    expect(problemsOf(source)).toEqual([]);
  });

  it.each([
    ['a fence', '/**\n * ```\n * @cacheInvalidate a(id)\n * ```\n */\n'],
    ['an example', '/**\n * @example\n * @cacheInvalidate a(id)\n */\n'],
    ['prose', '/** See @cacheInvalidate a(id) */\n'],
  ])('not in %s', (_what, comment) => {
    expect(writersOf(comment + SAVE)).toEqual([]);
  });

  it('points at each tag where it stands', () => {
    const source = `/**\n * @cacheInvalidate a.b(id)\n */\n${SAVE}`;
    const [writer] = scanSource(source).writers;
    const [first] = writer?.invalidations ?? [];
    expect(textAt(source, writer?.range ?? { start: 0, end: 0 })).toBe('@cacheInvalidate a.b(id)');
    expect(first?.kind === 'call' && textAt(source, first.pathRange)).toBe('a.b');
  });
});

describe('a tag that cannot count', () => {
  it.each([
    ['a class', '/** @cacheInvalidate a(id) */ class A {}', 'CK1014 @cacheInvalidate a(id)'],
    ['nothing', '/** @cacheInvalidate a(id) */', 'CK1014 @cacheInvalidate a(id)'],
    [
      'a signature',
      'abstract class A { /** @cacheInvalidate a() */ abstract save(): void }',
      'CK1014 @cacheInvalidate a()',
    ],
    [
      'a constructor',
      'class A { /** @cacheInvalidate a() */ constructor() {} }',
      'CK1014 @cacheInvalidate a()',
    ],
    [
      'a setter',
      'class A { /** @cacheInvalidate a() */ set x(y: number) {} }',
      'CK1014 @cacheInvalidate a()',
    ],
    ['a generator', '/** @cacheInvalidate a() */ function* f() {}', 'CK1014 @cacheInvalidate a()'],
    [
      'two variables',
      '/** @cacheInvalidate a() */ const x = () => 1, y = () => 2;',
      'CK1014 @cacheInvalidate a()',
    ],
    ['nothing to invalidate', `/** @cacheInvalidate */ ${SAVE}`, 'CK1003 @cacheInvalidate'],
    ['a cached function', `/** @cache @cacheInvalidate a(id) */ ${SAVE}`, 'CK1009 @cacheInvalidate a(id)'],
    ['a line comment', `// @cacheInvalidate a(id)\n${SAVE}`, 'CK2014 @cacheInvalidate'],
  ])('%s', (_what, source, problem) => {
    expect(problemsOf(source)).toEqual([problem]);
    expect(writersOf(source)).toEqual([]);
  });
});

/** The arguments, shortened: `$` before a path of the result or `this`. */
function argsOf(text: string): readonly unknown[] | string | undefined {
  const read = parseInvalidation(text, 0);
  if (!read.ok) return `${read.problem.expected}, not ${read.problem.got}`;
  const { value } = read;
  if (value.kind === 'tag') return `tag ${value.template}`;
  return value.args?.map((arg) => (arg.kind === 'path' ? `${arg.root}/${arg.steps.join('/')}` : arg.value));
}

describe('arguments', () => {
  it.each([
    ['f()', []],
    ['f(*)', undefined],
    ['f( id , $opts?.page )', ['id/', 'opts/page']],
    ['f($result.id, result.id, $this.id)', ['$result/id', 'result/id', '$this/id']],
    [
      `f("a\\"b", 'c)', -1.5, 12n, true, null, undefined)`,
      ['a"b', 'c)', -1.5, { bigint: '12' }, true, null, undefined],
    ],
    ['a.b.c(trueish, nullable.x)', ['trueish/', 'nullable/x']],
    ['tag:user:$id', 'tag user:$id'],
  ])('%s', (text, expected) => {
    expect(argsOf(text)).toEqual(expected);
  });

  it.each([
    'f',
    'f(',
    'f(a b)',
    'f(a,,b)',
    'f(a + 1)',
    'f(g(x))',
    'f("a)',
    'f(a) g(b)',
    'f(1.5n)',
    '(a)',
    'tag:',
    'tag:a b',
    '#f(a)',
    'f[0](a)',
  ])('refuses %s', (text) => {
    expect(argsOf(text)).toMatch(/, not /);
  });
});
