import { describe, expect, it } from 'vitest';
import type { Diagnostic, Severity } from '../../../transformer/diagnostics/diagnostic.ts';
import { applySeverities, type SeveritySetting } from '../../../transformer/diagnostics/overrides.ts';

const of = (code: `CK${number}`, severity: Severity): Diagnostic => ({
  code,
  severity,
  message: '',
  help: '',
  file: 'a.ts',
  range: { start: 0, end: 0 },
  fixes: [],
});
const apply = (one: Diagnostic, severities: Record<string, SeveritySetting>, strict = false) =>
  applySeverities([one], { severities, strict }).map((result) => result.severity);

describe('severities', () => {
  it('stay as they are by default', () => {
    expect(apply(of('CK2006', 'warning'), {})).toEqual(['warning']);
  });

  it('are raised, lowered, and switched off by code', () => {
    expect(apply(of('CK2006', 'warning'), { CK2006: 'error' })).toEqual(['error']);
    expect(apply(of('CK1108', 'error'), { CK1108: 'warning' })).toEqual(['warning']);
    expect(apply(of('CK3001', 'info'), { CK3001: 'off' })).toEqual([]);
  });

  it('of security diagnostics cannot be lowered', () => {
    expect(apply(of('CK1301', 'error'), { CK1301: 'off' })).toEqual(['error']);
  });

  it('strict makes warnings errors, and leaves infos and what has a setting of its own', () => {
    expect(apply(of('CK2006', 'warning'), {}, true)).toEqual(['error']);
    expect(apply(of('CK3001', 'info'), {}, true)).toEqual(['info']);
    expect(apply(of('CK2006', 'warning'), { CK2006: 'warning' }, true)).toEqual(['warning']);
  });

  it('does not take names of Object.prototype for settings', () => {
    expect(apply({ ...of('CK2006', 'warning') }, Object.create({ CK2006: 'off' }))).toEqual(['warning']);
  });
});
