import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../transformer/options.ts';

const resolve = (raw: unknown) => resolveOptions(raw, '/app/tsconfig.json');
const messages = (raw: unknown) => resolve(raw).diagnostics.map((one) => one.message);

describe('options of the tsconfig entry', () => {
  it('have defaults', () => {
    const { options, diagnostics } = resolve(undefined);
    expect(diagnostics).toEqual([]);
    expect(options).toMatchObject({ namespace: undefined, severities: {}, strict: false });
    expect(options.sensitiveNames).toContain('user');
    expect(options.sensitiveFields).toContain('password');
    expect(options.hotNames).toContain('get');
  });

  it('name types and modules of codecs', () => {
    expect(resolve(undefined).options).toMatchObject({ sensitiveTypes: [], ignoredTypes: [], codecs: [] });
    const lists = {
      sensitiveTypes: ['@acme/db#Person', 'shop#Models.User'],
      ignoredTypes: ['shop#Log'],
      codecs: ['./src/codecs.ts', 'acme-codecs'],
    };
    const { options, diagnostics } = resolve(lists);
    expect([diagnostics, options]).toEqual([[], expect.objectContaining(lists)]);
    expect(messages({ sensitiveTypes: ['Person'], ignoredTypes: 'shop#Log', codecs: [''] })).toEqual([
      "Option 'codecs' in the tsconfig entry expects a list of module paths.",
      "Option 'sensitiveTypes' in the tsconfig entry expects a list of `package#Type`.",
      "Option 'ignoredTypes' in the tsconfig entry expects a list of `package#Type`.",
    ]);
  });

  it('are plain JSON', () => {
    const { options } = resolve({ namespace: 'shop' });
    expect(JSON.parse(JSON.stringify(options))).toEqual(options);
  });

  it('are taken over', () => {
    const { options, diagnostics } = resolve({
      namespace: 'shop',
      strict: true,
      severities: { CK2006: 'error', CK3001: 'off', CK1301: 'error' },
      sensitiveNames: { add: ['ledger'], remove: ['USER'] },
      hotNames: { add: ['quick', 'get'] },
    });
    expect(diagnostics).toEqual([]);
    expect(options).toMatchObject({
      namespace: 'shop',
      strict: true,
      severities: { CK2006: 'error', CK3001: 'off', CK1301: 'error' },
    });
    expect(options.sensitiveNames).toContain('ledger');
    expect(options.sensitiveNames).not.toContain('user');
    expect(options.hotNames.filter((name) => name === 'get')).toHaveLength(1);
  });

  it('may stand beside the keys of ts-patch and the editor', () => {
    expect(
      messages({
        name: '@cachekit/transformer/ls',
        transform: '@cachekit/transformer',
        transformProgram: true,
        import: 'default',
        type: 'program',
        after: false,
        afterDeclarations: false,
      }),
    ).toEqual([]);
  });
});

describe('problems of options', () => {
  it.each<[unknown, string]>([
    [{ namspace: 'x' }, "Unknown option 'namspace' in the tsconfig entry. Did you mean 'namespace'?"],
    [{ strict: 'yes' }, "Option 'strict' in the tsconfig entry expects true or false."],
    [
      { namespace: 'Shop' },
      "Option 'namespace' in the tsconfig entry expects text that matches [a-z0-9._-]{1,64}.",
    ],
    [{ severities: [] }, "Option 'severities' in the tsconfig entry expects an object."],
    [{ severities: { CK9999: 'off' } }, "Unknown option 'severities.CK9999' in the tsconfig entry."],
    [
      { severities: { CK2006: 'loud' } },
      "Option 'severities.CK2006' in the tsconfig entry expects error, warning, info, off.",
    ],
    [
      { severities: { CK1301: 'warning' } },
      "Option 'severities.CK1301' in the tsconfig entry expects error: security diagnostics cannot be lowered.",
    ],
    [
      { hotNames: { ad: ['x'] } },
      "Unknown option 'hotNames.ad' in the tsconfig entry. Did you mean 'hotNames.add'?",
    ],
    [
      { sensitiveNames: { add: 'x' } },
      "Option 'sensitiveNames.add' in the tsconfig entry expects a list of words.",
    ],
    ['x', "Option 'the entry' in the tsconfig entry expects an object."],
  ])('%j', (raw, message) => {
    expect(messages(raw)).toEqual([message]);
  });

  it('are in the tsconfig, and leave the defaults in force', () => {
    const { options, diagnostics } = resolve({ strict: 1, namespace: 'shop' });
    expect(diagnostics).toMatchObject([{ code: 'CK1408', file: '/app/tsconfig.json', severity: 'error' }]);
    expect(options).toMatchObject({ strict: false, namespace: 'shop' });
  });
});
