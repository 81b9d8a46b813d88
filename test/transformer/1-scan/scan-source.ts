// Runs stage 1 on a text, with the real parser in its barest mode: no parents, no JSDoc nodes.
import ts from 'typescript';
import type { Marker, Range, ScanResult } from '../../../transformer/1-scan/marker.ts';
import { scanFile } from '../../../transformer/1-scan/scan-file.ts';
import type { SyntaxReader } from '../../../transformer/1-scan/syntax-reader.ts';
import { createSyntaxReader } from '../../../transformer/host/ts6/syntax/syntax-reader.ts';

export function readSource(source: string, fileName = '/src/a.ts'): SyntaxReader {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return createSyntaxReader(ts, ts.createSourceFile(fileName, source, options, false));
}

export function scanSource(source: string, fileName?: string): ScanResult {
  return scanFile(readSource(source, fileName));
}

/** The only marker of a source without problems. */
export function oneMarker(source: string, fileName?: string): Marker {
  const { markers, problems } = scanSource(source, fileName);
  if (problems.length > 0 || markers.length !== 1 || markers[0] === undefined)
    throw new Error(`expected one marker, got ${JSON.stringify({ markers: markers.length, problems })}`);
  return markers[0];
}

/** `CK1004 ttl=1h`: code and the text under it. */
export function problemsOf(source: string, fileName?: string): readonly string[] {
  return scanSource(source, fileName).problems.map(({ code, range }) => `${code} ${textAt(source, range)}`);
}

export function textAt(source: string, range: Range): string {
  return source.slice(range.start, range.end);
}

/** The options as `name: value`, profile first. */
export function optionsOf(source: string): Readonly<Record<string, unknown>> {
  const { directive } = oneMarker(source);
  const options = directive.options.map(({ name, value }) => {
    if (value.kind === 'text') return [name, value.text] as const;
    if (value.kind === 'flag') return [name, value.on] as const;
    if (value.kind === 'number') return [name, value.value] as const;
    return [name, value.kind === 'list' ? value.items : value.kind] as const;
  });
  return Object.fromEntries([['profile', directive.profile] as const, ...options]);
}
