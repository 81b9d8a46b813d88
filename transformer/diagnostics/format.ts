// Diagnostics as text: with a code frame, as one line, as JSON, as GitHub annotations.
import { catalogue, docsPath, isCode } from './catalogue.ts';
import { codeFrame } from './code-frame.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import type { Position } from './position.ts';
import { positionAt } from './position.ts';

export interface FormatOptions {
  /** The text of a file, to turn offsets into lines; undefined when it cannot be read. */
  readonly textOf: (file: string) => string | undefined;
  /** How to show a path, usually relative to the working directory. Default: unchanged. */
  readonly show?: (file: string) => string;
  /** ANSI colours. Default false. */
  readonly colour?: boolean;
}

const ANSI: Readonly<Record<Severity, string>> = { error: '31', warning: '33', info: '36' };

/** Header, code frame, remedy and docs page: several lines, without a line end after the last. */
export function formatPretty(diagnostic: Diagnostic, options: FormatOptions): string {
  const paint = painter(options.colour === true);
  const start = positionOf(diagnostic, options);
  const { severity, code, message, help, range } = diagnostic;
  const header = `${placeOf(diagnostic, start, options)} ${paint(severity, ANSI[severity])} ${paint(code, '1')}: ${message}`;
  const frame =
    start === undefined || diagnostic.hidesSource === true
      ? []
      : [codeFrame(start, range.end - range.start, (text) => paint(text, ANSI[severity]))];
  return [header, ...frame, `  Fix: ${help}   ${docsPath(code)}`].join('\n');
}

/** `src/orders.ts:14:50 error CK1108: Path .owner is class User; …` */
export function formatLine(diagnostic: Diagnostic, options: FormatOptions): string {
  const place = placeOf(diagnostic, positionOf(diagnostic, options), options);
  return `${place} ${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`;
}

/** A GitHub Actions command that shows the diagnostic beside the line in a pull request. */
export function formatGithub(diagnostic: Diagnostic, options: FormatOptions): string {
  const command = { error: 'error', warning: 'warning', info: 'notice' }[diagnostic.severity];
  const { file, line, column, endLine, endColumn } = toJson(diagnostic, options);
  const title = `${diagnostic.code} ${titleOf(diagnostic.code)}`.trim();
  const properties = { file, line, endLine, col: column, endColumn, title };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${command} ${list.join(',')}::${escapeData(`${diagnostic.message}\nFix: ${diagnostic.help}`)}`;
}

/** One diagnostic for other programs: with lines and columns besides offsets. */
export interface JsonDiagnostic extends Diagnostic {
  readonly title: string;
  /** Counted from 1, as the other positions are. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly docs: string;
}

/** Plain JSON, with `file` as `show` gives it. If the text cannot be read, all positions are 1. */
export function toJson(diagnostic: Diagnostic, options: FormatOptions): JsonDiagnostic {
  const text = options.textOf(diagnostic.file) ?? '';
  const start = positionAt(text, diagnostic.range.start);
  const end = positionAt(text, diagnostic.range.end);
  return {
    ...diagnostic,
    file: showOf(diagnostic, options),
    title: titleOf(diagnostic.code),
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    docs: docsPath(diagnostic.code),
  };
}

function titleOf(code: string): string {
  return isCode(code) ? catalogue[code].title : '';
}

function showOf(diagnostic: Diagnostic, options: FormatOptions): string {
  return options.show?.(diagnostic.file) ?? diagnostic.file;
}

function positionOf(diagnostic: Diagnostic, options: FormatOptions): Position | undefined {
  const text = options.textOf(diagnostic.file);
  return text === undefined ? undefined : positionAt(text, diagnostic.range.start);
}

function placeOf(diagnostic: Diagnostic, start: Position | undefined, options: FormatOptions): string {
  const file = showOf(diagnostic, options);
  return start === undefined ? file : `${file}:${start.line}:${start.column}`;
}

function painter(colour: boolean): (text: string, ansi: string) => string {
  return (text, ansi) => (colour ? `\u001B[${ansi}m${text}\u001B[0m` : text);
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
