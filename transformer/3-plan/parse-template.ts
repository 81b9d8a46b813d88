// `report:$opts.org??none` → text and paths. Names need no braces: a path is as long as names and dots go on.
import type { Range } from '../1-scan/marker.ts';

/** A path of a template, and what stands for null and undefined. `range`: in the text of the template. */
export interface TemplatePath {
  readonly root: string;
  readonly steps: readonly string[];
  readonly fallback: string | undefined;
  readonly range: Range;
}

/** Texts are never empty, except that of an empty template. */
export type TemplatePart = string | TemplatePath;

export type ParsedTemplate =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  /** `problem` is a clause without a full stop. */
  | { readonly ok: false; readonly problem: string; readonly range: Range };

/** A dollar sign begins the next path: names with one in them have no place in a template. */
const PATH = /\$([\p{ID_Start}_]\p{ID_Continue}*)((?:\??\.[\p{ID_Start}_]\p{ID_Continue}*)*)/uy;
const FALLBACK = /\?\?([\p{L}\p{N}_-]*)/uy;

/** Answers for any text. */
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

/** `$opts.org`, as it was written. */
export function pathText({ root, steps }: Pick<TemplatePath, 'root' | 'steps'>): string {
  return `$${[root, ...steps].join('.')}`;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
