// Plans one writer: which entries it invalidates when it has succeeded. Looks up every name and type it mentions.
import type { Range, Target } from '../1-scan/marker.ts';
import type { Invalidation, InvalidationArg, ValuePath, Writer } from '../1-scan/writer.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { parseTemplate } from './parse-template.ts';
import type { SitePlace, WriterTypes } from './writer-types.ts';

/** A path in a tag. `fallback` replaces null and undefined. */
export interface PlannedTagPath {
  readonly path: Pick<ValuePath, 'from' | 'root' | 'steps'>;
  readonly fallback: string | undefined;
}

/** One resolved `@cacheInvalidate`; `text` is it as written. */
export type PlannedInvalidation = { readonly text: string; readonly range: Range } & (
  | {
      readonly kind: 'call';
      readonly path: readonly string[];
      /** Undefined: the entries of all calls. */
      readonly args: readonly InvalidationArg[] | undefined;
      /** Undefined: the cached function is in a package whose source is not available. */
      readonly place: SitePlace | undefined;
    }
  | { readonly kind: 'tag'; readonly parts: readonly (string | PlannedTagPath)[] }
);

/** What will be done with one writer. */
export interface WriterPlan {
  readonly name: string;
  readonly file: string;
  readonly target: Target;
  readonly range: Range;
  readonly invalidations: readonly PlannedInvalidation[];
}

export interface WriterResult {
  /** Present even when `problems` has errors; nothing must be generated for such a writer. */
  readonly plan: WriterPlan;
  readonly problems: readonly Finding[];
  /** Files whose change can change the plan. */
  readonly files: readonly string[];
}

/** Plans one writer. `file` is absolute. */
export function planInvalidate(writer: Writer, types: WriterTypes, file: string): WriterResult {
  const { target, range } = writer;
  const problems: Finding[] = [];
  const files = new Set<string>();
  const { foreignThen } = types.resultOf(target);
  if (foreignThen !== undefined) {
    const why = `'${target.name}' gives a ${foreignThen}, which may not have begun when it is returned`;
    problems.push({ code: 'CK1014', range, args: { tag: '@cacheInvalidate', why } });
  }
  const invalidations = writer.invalidations.map((one): PlannedInvalidation => {
    if (one.kind === 'tag') return planTag(one, target, types, problems);
    const paths = (one.args ?? []).filter((arg): arg is ValuePath => arg.kind === 'path');
    const unknown = paths.flatMap((path) => unknownPath(path, target, types));
    problems.push(...unknown);
    // With unknown paths the argument types cannot be compared; only the function is looked up.
    const answer = types.targetOf(target, one.path, unknown.length > 0 ? undefined : one.args);
    const { text, path, args } = one;
    const name = path.join('.');
    if (!answer.ok) {
      const { why, suggestion } = answer;
      problems.push(unknownTarget(name, one.pathRange, why, suggestion));
    } else {
      for (const each of answer.files) files.add(each);
      if (answer.mismatch !== undefined)
        problems.push({ code: 'CK1212', range: one.range, args: { name, ...answer.mismatch } });
    }
    return { kind: 'call', text, range: one.range, path, args, place: answer.ok ? answer.place : undefined };
  });
  return { plan: { name: target.name, file, target, range, invalidations }, problems, files: [...files] };
}

function unknownTarget(name: string, range: Range, why: string, suggestion: string | undefined): Finding {
  const args = { name, why, suggestion };
  if (suggestion === undefined) return { code: 'CK1211', range, args };
  const edits = [{ ...range, text: suggestion }];
  return { code: 'CK1211', range, args, fixes: [{ title: `Replace by '${suggestion}'`, edits }] };
}

function planTag(
  { template, templateStart, text, range }: Extract<Invalidation, { kind: 'tag' }>,
  target: Target,
  types: WriterTypes,
  problems: Finding[],
): PlannedInvalidation {
  const parsed = parseTemplate(template);
  const at = (part: Range): Range => ({ start: templateStart + part.start, end: templateStart + part.end });
  if (!parsed.ok) {
    problems.push({ code: 'CK1010', range: at(parsed.range), args: { problem: parsed.problem, template } });
    return { kind: 'tag', text, range, parts: [template] };
  }
  const parts = parsed.parts.map((part): string | PlannedTagPath => {
    if (typeof part === 'string') return part;
    const { root, steps, fallback } = part;
    const from = root === 'result' || root === 'this' ? root : 'parameter';
    const written = template.slice(part.range.start, part.range.end);
    const path = { from, root: from === 'parameter' ? root : `$${root}`, steps } as const;
    const place = at(part.range);
    const unknown = unknownPath({ ...path, text: written, range: place }, target, types);
    problems.push(...unknown);
    const value = types.valueOf(target, path);
    if (value.ok && !value.isScalar)
      problems.push({ code: 'CK1012', range: place, args: { path: written, type: value.text } });
    else if (value.ok && value.isNullable && fallback === undefined)
      problems.push({ code: 'CK1013', range: place, args: { path: written, type: value.text } });
    return { path, fallback };
  });
  return { kind: 'tag', text, range, parts };
}

function unknownPath(
  { from, root, steps, text, range }: Pick<ValuePath, 'from' | 'root' | 'steps' | 'text' | 'range'>,
  target: Target,
  types: WriterTypes,
): readonly Finding[] {
  const answer = types.valueOf(target, { from, root, steps });
  if (answer.ok) return [];
  const dollar = text.startsWith('$') ? '$' : '';
  const suggestion = answer.suggestion === undefined ? undefined : dollar + answer.suggestion;
  const names = target.params.flatMap((param) => param.names).join(', ');
  const noun = { parameter: undefined, result: 'part of the result', this: 'field of the object' }[from];
  const args = {
    path: text,
    signature: `${target.name}(${names})`,
    suggestion,
    missing: answer.missing,
    ...(noun !== undefined && { noun }),
  };
  if (suggestion === undefined) return [{ code: 'CK1011', range, args }];
  const fixes = [{ title: `Replace by '${suggestion}'`, edits: [{ ...range, text: suggestion }] }];
  return [{ code: 'CK1011', range, args, fixes }];
}
