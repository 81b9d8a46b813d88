// Templates and conditions against the types of a function, and the functions they become.
import { describe, expect, it } from 'vitest';
import type { Option, OptionValue } from '../../../transformer/1-scan/marker.ts';
import type { SignatureShape } from '../../../transformer/2-shape/type-shape.ts';
import { writeRules } from '../../../transformer/5-generate/write-rules.ts';
import { evaluate } from '../5-generate/evaluate.ts';
import {
  array,
  boolean,
  literal,
  marker,
  nothing,
  number,
  object,
  option,
  param,
  plan,
  signature,
  string,
  target,
  union,
} from './ir.ts';

const types = signature(
  {
    id: number,
    opts: object({ org: string, page: number, tags: array(string), fresh: boolean }, ['org', 'fresh']),
    email: { ...string, sensitive: 'pii' },
  },
  object({
    rows: array(string),
    ok: boolean,
    owner: union(string, nothing),
    kind: union(literal('a'), literal('b')),
  }),
);

const planned = (options: readonly Option[], of: SignatureShape = types) =>
  plan(marker(target('load'), 'production', options), of);
const problems = (name: string, value: string | OptionValue, of?: SignatureShape) =>
  planned([option(name, value)], of).problems.map(({ code, args }) =>
    'suggestion' in args && args.suggestion !== undefined ? `${code} ${args.suggestion}` : code,
  );

interface Rules {
  readonly tags: (result: unknown, ...args: readonly unknown[]) => readonly string[];
  readonly when: (...args: readonly unknown[]) => unknown;
  readonly unless: (result: unknown, ...args: readonly unknown[]) => unknown;
  readonly tenant: (...args: readonly unknown[]) => string;
}

/** The generated functions of a marker without problems. */
function rulesOf(options: readonly Option[], of: SignatureShape = types): Rules {
  const { plan: made, problems: found } = planned(options, of);
  expect(found).toEqual([]);
  const text = writeRules(made?.rules ?? {}, of.bound.length + of.captures.length) ?? '{}';
  expect(text).not.toContain('\n');
  return evaluate(text) as unknown as Rules; // what the text says
}

/** What is thrown says nothing: it is never shown. */
function threw(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

describe('tags', () => {
  it('without paths are settings, with paths a function of result and arguments', () => {
    const list: OptionValue = {
      kind: 'list',
      items: ['report:$id', 'all', 'owner:$result.owner??none', 'all'],
    };
    expect(planned([option('tags', list)]).plan?.settings.tags).toEqual(['all']);
    const { tags } = rulesOf([option('tags', list)]);
    expect(tags({ owner: 'ada' }, 7, {}, '')).toEqual(['report:7', 'owner:ada']);
    expect(tags({}, 7, {}, '')).toEqual(['report:7', 'owner:none']);
    expect(tags(null, 7, {}, '')).toEqual(['report:7', 'owner:none']);
  });

  it('that would be the same text for every value throw, and the result is not stored', () => {
    const { tags } = rulesOf([option('tags', 'report:$id')]);
    for (const lie of [{}, [], null, undefined, () => 1, Symbol('x')])
      expect(threw(() => tags({}, lie, {}, ''))).toBe(true);
    expect(tags({}, 10n, {}, '')).toEqual(['report:10']);
    expect(tags({}, true, {}, '')).toEqual(['report:true']);
  });

  it('are text, whatever is in it', () => {
    const { tags } = rulesOf([option('tags', { kind: 'list', items: ['"`{x}`\\\u2028$id'] })]);
    expect(tags({}, 1, {}, '')).toEqual(['"`{x}`\\\u20281']);
  });

  it('read what the function captures, and readonly fields', () => {
    const captured = { ...types, captures: [param('tenant', string)] };
    expect(rulesOf([option('tags', 't:$tenant')], captured).tags({}, 1, {}, '', 'acme')).toEqual(['t:acme']);
    expect(problems('tags', 't:$this.id')).toEqual(['CK1011']);
  });

  it.each([
    ['report:$', ['CK1010']],
    ['report:{id}', ['CK1010']],
    ['report:$di', ['CK1011 $id']],
    ['report:$opts.pag', ['CK1011 $opts.page']],
    ['report:$result.ro', ['CK1011']],
    ['report:$opts', ['CK1012 $opts.page']],
    ['report:$opts.tags', ['CK1012']],
    ['report:$opts.tags.length', []],
    ['report:$opts.org', ['CK1013']],
    ['report:$opts.org??none', []],
    ['report:$result.kind', []],
    ['report:$email', ['CK1302']],
    ['report:$email.length', ['CK1302']],
  ])('%s: %j', (tag, codes) => {
    expect(problems('tags', tag)).toEqual(codes);
  });

  it('do not guess whose result is meant', () => {
    expect(problems('tags', 'x:$result', signature({ result: string }))).toEqual(['CK1005']);
    expect(problems('when', 'result == "x"', signature({ result: string }))).toEqual([]);
  });

  it('offer the default where one is missing', () => {
    const [finding] = planned([option('tags', 'o:$opts.org')]).problems;
    // The option's value begins at 30.
    expect(finding?.fixes).toMatchObject([{ edits: [{ start: 41, end: 41, text: '??none' }] }]);
  });
});

describe('tenant', () => {
  it('is one path with text around it, or text', () => {
    expect(rulesOf([option('tenant', 'org-$id')]).tenant(7, {}, '')).toBe('org-7');
    expect(rulesOf([option('tenant', 'acme')]).tenant(7, {}, '')).toBe('acme');
    expect(rulesOf([option('tenant', '$opts.org??none')]).tenant(7, {}, '')).toBe('none');
  });

  it('may be personal: it is never stored in clear', () => {
    expect(problems('tenant', '$email')).toEqual([]);
  });

  it('knows no result, and throws for what is no text', () => {
    expect(problems('tenant', '$result.owner??x')).toEqual(['CK1011']);
    const { tenant } = rulesOf([option('tenant', '$id')]);
    expect(threw(() => tenant({}, {}, ''))).toBe(true);
  });

  it('is never two paths: a/b and c is not a and b/c', () => {
    expect(problems('tenant', '$id/$email')).toEqual(['CK1010']);
  });
});

describe('conditions', () => {
  it('are asked strictly, and a path over nothing is undefined', () => {
    const { unless } = rulesOf([option('unless', 'result.rows.length == 0 || result.ok != true')]);
    expect(unless({ rows: [], ok: true })).toBe(true);
    expect(unless({ rows: ['x'], ok: true })).toBe(false);
    expect(unless({ rows: ['x'], ok: 'true' })).toBe(true);
    expect(unless(null)).toBe(true);
    expect(unless(undefined)).toBe(true);
  });

  it('give true or false', () => {
    expect(rulesOf([option('when', 'opts.org')]).when(1, { org: 'x' }, '')).toBe(true);
    expect(rulesOf([option('when', '!opts.fresh && id != -1')]).when(1, undefined, '')).toBe(true);
    expect(rulesOf([option('when', '(opts.org ?? "x") == "x"')]).when(1, {}, '')).toBe(true);
    expect(rulesOf([option('when', 'opts.org == null || opts.org == undefined')]).when(1, {}, '')).toBe(true);
  });

  it.each([
    ['when', 'result.ok', ['CK1011']],
    ['when', 'idd == 1', ['CK1011 id']],
    ['unless', 'result.okk', ['CK1011 result.ok']],
    ['unless', 'isOld()', ['CK1019']],
    ['unless', 'result.ok == 1,2', ['CK1019']],
    ['when', 'id', []],
    ['unless', '$opts.page == id', []],
  ])('%s=%s: %j', (name, text, codes) => {
    expect(problems(name, text)).toEqual(codes);
  });
});

describe('fingerprints', () => {
  const hashes = (...options: readonly Option[]) => {
    const { plan: made } = planned(options);
    return [made?.shapeHash, made?.codeHash];
  };
  const [shape, code] = hashes();

  it('stay with how long and where entries live', () => {
    const options = [
      option('ttl', '5m'),
      option('swr', '1m'),
      option('max-size', '1mb'),
      option('backend', 'slow'),
    ];
    expect(hashes(...options)).toEqual([shape, code]);
    expect(hashes(option('when', 'id != 0'))).toEqual([shape, code]);
  });

  it('change with what finds or owns an entry: an invalidation by the new tags must reach it', () => {
    const all = [
      hashes(option('tags', 'a:$id'))[0],
      hashes(option('tags', 'b:$id'))[0],
      hashes(option('tags', 'b'))[0],
      hashes(option('tenant', '$id'))[0],
      hashes(option('tenant', '$email'))[0],
      shape,
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('of the code change with what is not stored', () => {
    const [same, other] = hashes(option('unless', 'result.ok == false'));
    expect(same).toBe(shape);
    expect(other).not.toBe(code);
  });

  it('follow the functions of code', () => {
    const tags = option('tags', { kind: 'code', text: 'f', range: { start: 0, end: 1 } });
    const of = marker(target('load'), 'production', [tags], 'call');
    const hash = (stored: string) => plan(of, types, { optionTokens: { stored } }).plan?.shapeHash;
    expect(hash('( r ) => [ "a" ]')).not.toBe(hash('( r ) => [ "b" ]'));
    expect(hash('( r ) => [ "a" ]')).not.toBe(shape);
  });
});
