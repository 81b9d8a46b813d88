import { describe, expect, it } from 'vitest';
import {
  createDiagnostic,
  createScanDiagnostic,
  isBlocking,
} from '../../../transformer/diagnostics/create.ts';

const range = { start: 3, end: 9 };

describe('diagnostic of a finding', () => {
  it('has severity and words of the catalogue', () => {
    const args = { name: 'tll', suggestion: 'ttl', known: 'ttl, name' };
    expect(createDiagnostic({ code: 'CK1002', range, args }, '/app/a.ts')).toEqual({
      code: 'CK1002',
      severity: 'error',
      message: "Unknown cache option 'tll'. Did you mean 'ttl'?",
      help: "Write 'ttl', or remove it.",
      file: '/app/a.ts',
      range,
      fixes: [],
    });
  });

  it.each([
    ['@cacheinvalidate', 'Write @cacheInvalidate and its target, or remove it.'],
    ['@cacheEvict', 'Write @cacheInvalidate and its target, or remove it.'],
    ['@cacheSecure', 'Write @cache.secure, or remove it.'],
    ['@noCache', 'Remove it.'],
    ['@cached', 'Write @cache, or remove it.'],
    ['@cacheTtl', 'Make it an option of @cache, or remove it.'],
  ])('says what to do about a tag that does not exist: %s', (tag, help) => {
    expect(createDiagnostic({ code: 'CK2014', range, args: { tag, why: '' } }, 'a.ts').help).toBe(help);
  });

  it('carries its edits', () => {
    const fixes = [{ title: 'Delete', edits: [{ ...range, text: '' }] }];
    expect(createDiagnostic({ code: 'CK1203', range, args: {}, fixes }, 'a.ts').fixes).toEqual(fixes);
  });
});

describe('diagnostic of stage 1', () => {
  it('offers to delete the second of two options', () => {
    const args = { option: 'ttl', first: '5m', second: '1h' };
    expect(createScanDiagnostic({ code: 'CK1004', range, args }, 'a.ts')).toMatchObject({
      message: "Option 'ttl' is set twice (5m, 1h).",
      fixes: [{ edits: [{ ...range, text: '' }] }],
    });
  });
});

describe('blocking', () => {
  it('is every error of the catalogue, and nothing else', () => {
    expect(isBlocking('CK1108')).toBe(true);
    expect(isBlocking('CK2006')).toBe(false);
    expect(isBlocking('CK3001')).toBe(false);
    expect(isBlocking('toString')).toBe(false);
  });
});
