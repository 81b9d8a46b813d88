import { describe, expect, it } from 'vitest';
import { date, marker, number, object, option, plan, planned, signature, string, target } from './ir.ts';

const params = (more: object) => [
  {
    names: ['q'],
    pattern: false,
    rest: false,
    default: 'none' as const,
    range: { start: 0, end: 1 },
    ...more,
  },
];

describe('plan of a function', () => {
  it('has package, path and qualified name as identity', () => {
    const of = target('load', { qualifiedName: 'Orders.load' });
    expect(planned(marker(of), signature({}))).toMatchObject({
      id: '@acme/shop/src/orders#Orders.load',
      packageName: 'acme-shop',
      file: '/app/src/orders.ts',
    });
  });

  it('has a path alone as identity when the package has no name', () => {
    expect(planned(marker(target('load')), signature({}), { packageName: '' })).toMatchObject({
      id: 'src/orders#load',
      packageName: 'app',
    });
  });

  it('has name= as identity, also without any other name', () => {
    const of = target('fn', { qualifiedName: undefined });
    expect(planned(marker(of, undefined, [option('name', 'orders/get')]), signature({})).id).toBe(
      'orders/get',
    );
  });

  it('does not exist without identity', () => {
    const result = plan(marker(target('fn', { qualifiedName: undefined })), signature({}));
    expect(result).toMatchObject({ plan: undefined, problems: [{ code: 'CK1016' }] });
  });

  it('chooses the profile by the last part of the name', () => {
    const of = target('fn', { qualifiedName: 'make.getUser' });
    expect(planned(marker(of), signature({}))).toMatchObject({
      profile: { value: 'secure' },
      inferred: true,
    });
  });

  it('is synchronous only when nothing says promise', () => {
    const sync = signature({}, number, { returnsPromise: false });
    expect(planned(marker(target('calc', { async: false })), sync).sync).toBe(true);
    expect(planned(marker(target('calc', { async: false })), signature({})).sync).toBe(false);
    expect(planned(marker(target('calc')), sync).sync).toBe(false);
  });

  it('keeps async where parameters can throw', () => {
    const raw = (more: object, async = true) =>
      planned(marker(target('f', { async, params: params(more) })), signature({})).raw;
    expect(raw({})).toBe(false);
    expect(raw({ default: 'literal' })).toBe(false);
    expect(raw({ default: 'expression' })).toBe(true);
    expect(raw({ pattern: true })).toBe(true);
    expect(raw({ pattern: true }, false)).toBe(false);
  });

  it('takes the namespace of the tsconfig entry where the marker has none', () => {
    const options = { namespace: 'shop', sensitiveNames: [], sensitiveFields: [], hotNames: [] };
    const of = target('load');
    expect(planned(marker(of), signature({}), { options }).settings.namespace).toBe('shop');
    const own = marker(of, undefined, [option('namespace', 'own')]);
    expect(planned(own, signature({}), { options }).settings.namespace).toBe('own');
  });

  it('reports a serializer that cannot keep the result, at the option', () => {
    const of = marker(target('load'), undefined, [option('serializer', 'json')]);
    expect(plan(of, signature({}, object({ at: date }))).problems).toMatchObject([
      { code: 'CK1112', range: { start: 10 }, args: { serializer: 'json', what: 'Date', path: '.at' } },
    ]);
  });

  it('is there in spite of problems, so that one build shows all of them', () => {
    const result = plan(marker(target('load'), 'prodction', [option('tll', '5m')]), signature({}));
    expect(result.plan).toBeDefined();
    expect(result.problems.map((problem) => problem.code)).toEqual(['CK1001', 'CK1002']);
  });
});

describe('fingerprints of a plan', () => {
  const types = signature({ a: string, b: string });
  const with_ = (...options: readonly ReturnType<typeof option>[]) =>
    planned(marker(target('load'), undefined, options), types);

  it('keep the shape as it is when all parameters enter', () => {
    expect(with_().shapeHash).toBe('0123456789abcdef');
  });

  it('differ when other values enter the key: entries of $a must not answer for $b', () => {
    const a = with_(option('key', '$a')).shapeHash;
    const b = with_(option('key', '$b')).shapeHash;
    expect(a).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set([a, b, '0123456789abcdef']).size).toBe(3);
  });

  it('differ when code makes the key', () => {
    const of = marker(
      target('load'),
      undefined,
      [option('key', { kind: 'code', text: '(id) => id', range: { start: 0, end: 10 } })],
      'call',
    );
    const hashes = (keyTokens: string) => {
      const { shapeHash, codeHash } = planned(of, types, { optionTokens: { key: keyTokens } });
      return [shapeHash, codeHash];
    };
    const [shape, code] = hashes('( id ) => id');
    expect(shape).not.toBe(with_().shapeHash);
    expect(hashes('( id ) => id')).toEqual([shape, code]);
    // The same key text would mean other arguments.
    expect(hashes('( id ) => id % 2')).not.toContain(shape);
    expect(hashes('( id ) => id % 2')).not.toContain(code);
  });

  it('have 16 hex digits for the code, which change with tokens and with types', () => {
    const code = (more: object) => planned(marker(target('load')), types, more).codeHash;
    expect(code({})).toMatch(/^[0-9a-f]{16}$/);
    expect(code({ codeTokens: 'return 2' })).not.toBe(code({}));
    expect(code({ shapeHash: 'fedcba9876543210' })).not.toBe(code({}));
    expect(code({})).toBe(code({}));
  });
});
