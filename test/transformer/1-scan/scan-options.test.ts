// Options of a comment over several lines and without values; tags that do not exist; calls of configure().
import { describe, expect, it, test } from 'vitest';
import { mayContainMarker } from '../../../transformer/1-scan/may-contain-marker.ts';
import { optionsOf, problemsOf, readSource, scanSource, textAt } from './scan-source.ts';

const FN = 'async function load(id: number): Promise<number> { return id; }';
const list = (lines: string) => optionsOf(`/**\n * ${lines.replaceAll('\n', '\n * ')}\n */\n${FN}`);

describe('an option that stands alone', () => {
  test.each([
    ['@cache lock', { profile: undefined, lock: true }],
    ['@cache share ttl=5m', { profile: undefined, share: true, ttl: '5m' }],
    ['@cache l1 production', { profile: undefined, l1: true, production: true }],
    ['@cache cache-null', { profile: undefined, 'cache-null': true }],
    ['@cache production lock', { profile: 'production', lock: true }],
    ['@cache reports', { profile: 'reports' }],
    ['@cache.lock', { profile: 'lock' }],
  ])('%s', (text, expected) => {
    expect(list(text)).toEqual(expected);
  });
});

describe('options over several lines', () => {
  test.each([
    [
      'a quoted value',
      '@cache ttl=5m\nunless="result.rows.length == 0"',
      { unless: 'result.rows.length == 0' },
    ],
    ['a list that goes on', '@cache ttl=5m\ntags=a, b lock', { tags: ['a', 'b'], lock: true }],
    ['a list over lines', '@cache ttl=5m\n  tags=a,\n  b', { tags: ['a', 'b'] }],
    ['quotes in quotes', `@cache ttl=5m\nwhen="a == 'x y'"`, { when: "a == 'x y'" }],
    ['escaped quotes', '@cache ttl=5m\nwhen="a == \\"x y\\""', { when: 'a == "x y"' }],
    ['a switch', '@cache ttl=5m\nlock\n!share', { lock: true, share: false }],
    ['text after it', '@cache ttl=5m\nLoads it.', {}],
    ['text with an equals sign', '@cache ttl=5m\nid=1 means the first.', {}],
  ])('%s', (_, text, expected) => {
    expect(list(text)).toEqual({ profile: undefined, ttl: '5m', ...expected });
  });
});

describe('tags that do not exist', () => {
  test.each(['@cacheUnless', '@cacheKey', '@cacheIgnore', '@cacheTag', '@cacheWhen', '@noCache', '@cached'])(
    '%s is answered with what to write',
    (tag) => {
      const source = `/**\n * @cache\n * ${tag} x\n */\n${FN}`;
      const { problems, markers } = scanSource(source);
      expect(problems).toMatchObject([
        { code: 'CK2014', args: { tag, why: expect.stringContaining('no such tag') as string } },
      ]);
      expect(problems.map(({ range }) => textAt(source, range))).toEqual([tag]);
      expect(markers).toHaveLength(1);
    },
  );

  test.each([
    ['in a sentence', `/**\n * Not @cacheUnless here.\n */\n${FN}`],
    ['in an example', `/**\n * @example\n * @cacheUnless x\n */\n${FN}`],
    ['in a fence', `/**\n * \`\`\`\n * @cacheUnless x\n * \`\`\`\n */\n${FN}`],
    ['before no function', '/** @cached */ let x = 1;'],
    ['a longer tag', `/** @cachedBy x */ ${FN}`],
    ['a name of Object', `/** @constructor @cache-x */ ${FN}`],
  ])('%s: nothing', (_, source) => {
    expect(problemsOf(source)).toEqual([]);
  });
});

describe('calls of configure', () => {
  const calls = (source: string) =>
    readSource(source)
      .configureCalls()
      .map(({ range, literalKeys }) => [
        textAt(source, range),
        ...literalKeys.map((key) => textAt(source, key)),
      ]);
  const IMPORT = "import { configure } from 'cachekit';\n";

  test.each([
    ['by name', `${IMPORT}configure({});`, [['configure']]],
    ['renamed', "import { configure as set } from 'cachekit'; set({});", [['set']]],
    ['of the namespace', "import * as ck from 'cachekit'; ck.configure({});", [['ck.configure']]],
    ['required', "const { configure } = require('cachekit'); configure({});", [['configure']]],
    ['of another module', "import { configure } from 'other'; configure({});", []],
    ['of a local function', 'function configure() {} configure();', []],
    ['a key', `${IMPORT}configure({ encryption: { masterKey: 'abc' } });`, [['configure', "'abc'"]]],
    ['a template', `${IMPORT}configure({ encryption: { masterKey: \`abc\` } });`, [['configure', '`abc`']]],
    [
      'a constant',
      `${IMPORT}const KEY = 'abc';\nconfigure({ encryption: { masterKey: KEY } });`,
      [['configure', 'KEY']],
    ],
    [
      'a constant object',
      `${IMPORT}const encryption = { masterKey: 'abc' };\nconfigure({ encryption });`,
      [['configure', "'abc'"]],
    ],
    [
      'older keys',
      `${IMPORT}configure({ encryption: { previousMasterKeys: ['a', load()] } });`,
      [['configure', "'a'"]],
    ],
    [
      'from the environment',
      `${IMPORT}configure({ encryption: { masterKey: process.env['KEY'] } });`,
      [['configure']],
    ],
    ['a function', `${IMPORT}configure({ encryption: { masterKey: () => 'abc' } });`, [['configure']]],
    ['an empty text', `${IMPORT}configure({ encryption: { masterKey: '' } });`, [['configure']]],
  ])('%s', (_, source, expected) => {
    expect(calls(source)).toEqual(expected);
  });

  it('are looked for where the words are', () => {
    expect(mayContainMarker(`${IMPORT}configure({});`)).toBe(true);
    expect(mayContainMarker("import { x } from 'cachekit';")).toBe(false);
    expect(mayContainMarker('configure();')).toBe(false);
  });
});
