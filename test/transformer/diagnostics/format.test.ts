import { stripVTControlCharacters } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../transformer/diagnostics/diagnostic.ts';
import { formatGithub, formatLine, formatPretty, toJson } from '../../../transformer/diagnostics/format.ts';
import { toTsDiagnostic } from '../../../transformer/host/program/diagnostics-to-ts.ts';

const text = [
  '// orders',
  '',
  '/** @cache */',
  'export async function order(id: number): Promise<Order> {',
  '}',
].join('\r\n');
const at = text.indexOf('Promise<Order>');
const diagnostic: Diagnostic = {
  code: 'CK1108',
  severity: 'error',
  message: 'Path .owner is class User; methods and private state do not survive.',
  help: 'Return plain data.',
  file: '/app/src/orders.ts',
  range: { start: at, end: at + 'Promise<Order>'.length },
  fixes: [],
};
const options = { textOf: () => text, show: (file: string) => file.replace('/app/', '') };

describe('pretty form', () => {
  it('has place, words, frame, remedy and page', () => {
    expect(formatPretty(diagnostic, options)).toBe(
      [
        'src/orders.ts:4:42 error CK1108: Path .owner is class User; methods and private state do not survive.',
        '  4 │ export async function order(id: number): Promise<Order> {',
        '    │                                          ~~~~~~~~~~~~~~',
        '  Fix: Return plain data.   docs/diagnostics/CK1108.md',
      ].join('\n'),
    );
  });

  it('never prints a line that holds a secret, nor lets TypeScript print it', () => {
    const secret = { ...diagnostic, hidesSource: true as const };
    expect(formatPretty(secret, options)).not.toContain('Promise<Order>');
    expect(formatPretty(secret, options)).toContain('src/orders.ts:4:42');
    const file = ts.createSourceFile('/app/src/orders.ts', text, ts.ScriptTarget.Latest);
    const shown = ts.formatDiagnosticsWithColorAndContext([toTsDiagnostic(ts, file, secret)], {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => '/app',
      getNewLine: () => '\n',
    });
    expect(shown).toContain('/app/src/orders.ts:4');
    expect(shown).not.toContain('Promise<Order>');
  });

  it('is the same words with colours', () => {
    const coloured = formatPretty(diagnostic, { ...options, colour: true });
    expect(coloured).toContain('\u001B[31merror\u001B[0m');
    expect(stripVTControlCharacters(coloured)).toBe(formatPretty(diagnostic, options));
  });

  it('marks at least one column, and no further than the line', () => {
    const carets = (start: number, end: number) =>
      formatPretty({ ...diagnostic, range: { start, end } }, options)
        .split('\n')[2]
        ?.split('│ ')[1];
    expect(carets(0, 0)).toBe('~');
    expect(carets(3, 30)).toBe('   ~~~~~~');
    expect(carets(text.length, text.length + 9)).toBe(' ~');
  });

  it('keeps carets under the code behind tabs', () => {
    const tabbed = { ...options, textOf: () => '\t\tcached()' };
    const lines = formatPretty({ ...diagnostic, range: { start: 2, end: 8 } }, tabbed).split('\n');
    expect(lines.slice(1, 3)).toEqual(['  1 │   cached()', '    │   ~~~~~~']);
  });

  it('does without the text', () => {
    expect(formatPretty(diagnostic, { textOf: () => undefined })).toBe(
      '/app/src/orders.ts error CK1108: Path .owner is class User; methods and private state do not survive.\n' +
        '  Fix: Return plain data.   docs/diagnostics/CK1108.md',
    );
  });
});

describe('other forms', () => {
  it('has one line', () => {
    expect(formatLine(diagnostic, options)).toBe(
      'src/orders.ts:4:42 error CK1108: Path .owner is class User; methods and private state do not survive.',
    );
  });

  it('has JSON with positions', () => {
    expect(toJson(diagnostic, options)).toMatchObject({
      code: 'CK1108',
      title: 'class-instance',
      file: 'src/orders.ts',
      line: 4,
      column: 42,
      endLine: 4,
      endColumn: 56,
      docs: 'docs/diagnostics/CK1108.md',
    });
  });

  it('has GitHub annotations, escaped', () => {
    const odd = { ...diagnostic, severity: 'info' as const, message: '100%\nsure', file: '/app/a,b:c.ts' };
    expect(formatGithub(odd, options)).toBe(
      '::notice file=a%2Cb%3Ac.ts,line=4,endLine=4,col=42,endColumn=56,title=CK1108 class-instance::100%25%0Asure%0AFix: Return plain data.',
    );
  });
});
