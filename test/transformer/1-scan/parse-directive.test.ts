// The grammar of a comment marker.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Range } from '../../../transformer/1-scan/marker.ts';
import { parseDirective } from '../../../transformer/1-scan/parse-directive.ts';

const parse = (text: string) => parseDirective(text, text.indexOf('@'), text.length);
const problems = (text: string) =>
  parse(text).problems.map(({ code, range, args }) => [
    code,
    text.slice(range.start, range.end),
    args['expected'] ?? args['option'],
  ]);

describe('the profile', () => {
  test.each([
    ['@cache', undefined],
    ['@cache.production', 'production'],
    ['@cache production', 'production'],
    ['@cache.my-profile ttl=1m', 'my-profile'],
    ['@cache   reports ttl=1m', 'reports'],
    ['@cache ttl=1m', undefined],
    ['@cache ttl=1m lock', undefined],
    ['@cache !lock', undefined],
    ['@cache profile=secure', 'secure'],
    ['@cache ttl=1m profile="secure"', 'secure'],
  ])('%s → %s', (text, profile) => {
    expect(parse(text).directive.profile).toBe(profile);
    expect(parse(text).problems).toEqual([]);
  });
  it('has its range; without one the range is that of the tag', () => {
    expect(parse(' @cache.dev').directive.profileRange).toEqual({ start: 8, end: 11 });
    expect(parse(' @cache dev').directive.profileRange).toEqual({ start: 8, end: 11 });
    expect(parse(' @cache ttl=1').directive.profileRange).toEqual({ start: 1, end: 7 });
  });
  it('is given once', () => {
    expect(problems('@cache.production profile=dev')).toEqual([['CK1004', 'profile=dev', 'profile']]);
  });
  it('is one word only: a second one is an option', () => {
    expect(parse('@cache.production lock').directive.options).toMatchObject([
      { name: 'lock', value: { on: true } },
    ]);
    expect(parse('@cache production lock').directive.options).toMatchObject([
      { name: 'lock', value: { on: true } },
    ]);
  });
});

describe('options', () => {
  const values = (text: string) => parse(text).directive.options.map((option) => [option.name, option.value]);
  const value = (text: string, quoted = false) => ({ kind: 'text', text, quoted });
  test.each([
    ['@cache ttl=5m', [['ttl', value('5m')]]],
    ['@cache name="a b=c"', [['name', value('a b=c', true)]]],
    ['@cache name=\'it "is"\'', [['name', value('it "is"', true)]]],
    ['@cache name="a \\"b\\" \\n"', [['name', value('a "b" \\n', true)]]],
    ['@cache version="3"', [['version', value('3', true)]]],
    ['@cache name=""', [['name', value('', true)]]],
    ['@cache key=$id,$opts.page', [['key', { kind: 'list', items: ['$id', '$opts.page'] }]]],
    [
      '@cache key=$id, $opts?.page ttl=1',
      [
        ['key', { kind: 'list', items: ['$id', '$opts?.page'] }],
        ['ttl', value('1')],
      ],
    ],
    ['@cache ignore="a,b",c', [['ignore', { kind: 'list', items: ['a,b', 'c'] }]]],
    ['@cache tags=report:$id', [['tags', value('report:$id')]]],
    ['@cache unless="result.rows.length == 0"', [['unless', value('result.rows.length == 0', true)]]],
    [
      '@cache !lock refresh-ahead',
      [
        ['lock', { kind: 'flag', on: false }],
        ['refresh-ahead', { kind: 'flag', on: true }],
      ],
    ],
    ['@cache name=a=b', [['name', value('a=b')]]],
    ['@cache name=@scope/pkg', [['name', value('@scope/pkg')]]],
    [
      '@cache ttl=5m\n   swr=1m',
      [
        ['ttl', value('5m')],
        ['swr', value('1m')],
      ],
    ],
  ])('%j', (text, expected) => {
    expect(parse(text).problems).toEqual([]);
    expect(values(text)).toEqual(expected);
  });
  it('have exact ranges', () => {
    const text = '/* @cache ttl=5m !lock share name="x y" */';
    const { directive, range } = parseDirective(text, 3, text.length - 2);
    expect(
      directive.options.map((option) => text.slice(option.nameRange.start, option.nameRange.end)),
    ).toEqual(['ttl', 'lock', 'share', 'name']);
    expect(
      directive.options.map((option) => text.slice(option.valueRange.start, option.valueRange.end)),
    ).toEqual(['5m', '!lock', 'share', '"x y"']);
    expect(text.slice(range.start, range.end)).toBe('@cache ttl=5m !lock share name="x y"');
  });
});

describe('errors', () => {
  it('name the option', () => {
    expect(parse('@cache ttl=').problems).toMatchObject([
      { code: 'CK1003', args: { option: 'ttl', expected: 'a value', got: '' } },
    ]);
  });
  test.each([
    ['@cache name="a b', 'CK1003', '"a', 'a closing quote'],
    ['@cache name="a\n  b" ttl=1', 'CK1003', '"a', 'a closing quote'],
    ['@cache name="a"b', 'CK1003', '"a"b', 'a space after the closing quote'],
    ['@cache key=$a,,$b', 'CK1003', '$a,,$b', 'a value after each comma'],
    ['@cache ttl = 5m', 'CK1003', 'ttl = 5m', 'its value directly after the ='],
    ['@cache ttl: 5m', 'CK1003', 'ttl: 5m', '= and its value'],
    ['@cache ttl:5m, lock', 'CK1003', 'ttl:5m', '= and its value'],
    ['@cache ttl=5 minutes', 'CK1003', 'ttl=5 minutes', 'a number and its unit as one word'],
    ['@cache ttl=5m, swr=1m', 'CK1003', '5m,', 'no comma after its value, as blanks separate options'],
    ['@cache { "ttl": 300 }', 'CK1003', '{ "ttl": 300 }', 'options as words, such as ttl=5m'],
    ['@cache - note', 'CK1003', '-', 'key=value, key or !key'],
    ['@cache !ttl=5m', 'CK1003', '!ttl=5m', 'key=value, key or !key'],
    ['@cache 5m', 'CK1003', '5m', 'key=value, key or !key'],
    ['@cache({ ttl: 300 })', 'CK1003', '({ ttl: 300 })', 'options as words, such as ttl=5m'],
    ['@cache:production', 'CK1003', ':production', 'options as words, such as ttl=5m'],
    ['@cache.', 'CK1003', '.', 'a profile after the dot'],
    ['@cache.5 ttl=1', 'CK1003', '.5', 'a profile after the dot'],
    ['@cache ttl=5m ttl=1h', 'CK1004', 'ttl=1h', 'ttl'],
    ['@cache ttl=1 lock !lock', 'CK1004', '!lock', 'lock'],
  ])('%j is %s at %j', (text, code, place, word) => {
    expect(problems(text)[0]?.[0]).toBe(code);
    expect(problems(text)[0]?.[2]).toBe(word);
    expect(problems(text)[0]?.[1]).toContain(place.slice(0, 2));
  });
  it('name both values of a duplicate', () => {
    expect(parse('@cache ttl=5m ttl=1h').problems[0]?.args).toEqual({
      option: 'ttl',
      first: '5m',
      second: '1h',
    });
  });
});

const NASTY = [
  '@cache',
  ' ',
  '\n',
  '"',
  "'",
  '=',
  ',',
  '!',
  '.',
  '\\',
  'ttl',
  '5m',
  '$',
  '(',
  '😀',
  '-',
  '@',
  '\u2028',
];

it('reads any text without throwing, inside its bounds', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...NASTY)).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (rest) => {
      const source = `@cache${rest}`;
      const { directive, problems: found, range } = parseDirective(source, 0, source.length);
      const ranges = [
        range,
        directive.profileRange,
        ...found.map((problem) => problem.range),
        ...directive.options.flatMap((option) => [option.nameRange, option.valueRange]),
      ];
      const isInside = (at: Range) => at.start >= 0 && at.start <= at.end && at.end <= source.length;
      expect(ranges.filter((at) => !isInside(at))).toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 30_000);

it('reads back every value that is written in quotes', () => {
  const value = fc.string({ unit: 'binary' }).filter((text) => !/[\n\r\u2028\u2029]/.test(text));
  fc.assert(
    fc.property(value, (text) => {
      const { directive, problems: found } = parse(`@cache name="${text.replace(/["\\]/g, '\\$&')}"`);
      expect(found).toEqual([]);
      expect(directive.options[0]?.value).toEqual({ kind: 'text', text, quoted: true });
    }),
  );
});
