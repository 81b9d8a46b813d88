// `report:$opts.org??none` → text and paths. Paths have no braces: a path extends as far as names and dots go.
import type { Range } from '../1-scan/marker.ts';

/** A path in a template. `fallback` replaces null and undefined. `range` is relative to the text of the template. */
export interface TemplatePath {
  readonly root: string;
  readonly steps: readonly string[];
  readonly fallback: string | undefined;
  readonly range: Range;
}

/** A piece of text (never empty) or a path. */
export type TemplatePart = string | TemplatePath;

export type ParsedTemplate =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  /** `problem` is a clause without a full stop. */
  | { readonly ok: false; readonly problem: string; readonly range: Range };

/** A `$` always begins a path, so names that contain one cannot be used in a template. */
const PATH = /\$([\p{ID_Start}_]\p{ID_Continue}*)((?:\??\.[\p{ID_Start}_]\p{ID_Continue}*)*)/uy;
const FALLBACK = /\?\?([\p{L}\p{N}_-]*)/uy;

/** Never throws for any text. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  for (let at = 0; at < text.length;) {
    const dollar = text.indexOf('$', at);
    if (dollar !== at) {
      const end = dollar === -1 ? text.length : dollar;
      parts.push(text.slice(at, end));
      at = end;
      continue;
    }
    const path = matchAt(PATH, text, at);
    if (path === null)
      return { ok: false, problem: "Empty path after '$'", range: { start: at, end: at + 1 } };
    const end = at + path[0].length;
    const fallback = matchAt(FALLBACK, text, end);
    if (fallback?.[1] === '') {
      const range = { start: end, end: end + fallback[0].length };
      return { ok: false, problem: "Nothing after '??'", range };
    }
    const steps = (path[2] ?? '').split(/\??\./).slice(1);
    parts.push({ root: path[1] ?? '', steps, fallback: fallback?.[1], range: { start: at, end } });
    at = end + (fallback?.[0].length ?? 0);
  }
  return { ok: true, parts };
}

/** `$opts.org`: the path as text. */
export function pathText({ root, steps }: Pick<TemplatePath, 'root' | 'steps'>): string {
  return `$${[root, ...steps].join('.')}`;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
