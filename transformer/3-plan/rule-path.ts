// Resolves paths in templates and conditions to the argument they read and the type of the value.
import type { Sensitivity, TypeShape } from '../2-shape/type-shape.ts';
import { isNothing } from '../2-shape/union-shape.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { armsOf, missingStep, propertyNames, readProperty, type MissingStep } from './key-path.ts';

/** Something a path can begin with: `id`, `result`, `this.tenant`. */
export interface RuleRoot {
  readonly label: string;
  /** Index of the arg, or the result of the call. */
  readonly arg: number | 'result';
  readonly shape: TypeShape;
}

/** A resolved path. */
export interface RulePath {
  readonly arg: number | 'result';
  readonly steps: readonly string[];
}

export type RulePathAnswer =
  | {
      readonly ok: true;
      readonly path: RulePath;
      readonly shape: TypeShape;
      /** Sensitivity of the value, or of a value that contains it on the path. */
      readonly sensitive: Sensitivity | undefined;
    }
  /** `suggestion`: a whole path without `$`. */
  | { readonly ok: false; readonly suggestion: string | undefined; readonly missing?: MissingStep };

/** The longest matching root wins: `this.a.b` may be a root of its own beside `this.a`. */
export function resolveRulePath(
  names: readonly string[],
  roots: readonly RuleRoot[],
  refs: readonly TypeShape[],
): RulePathAnswer {
  const written = names.join('.');
  const root = roots
    .filter(({ label }) => written === label || written.startsWith(`${label}.`))
    .toSorted((a, b) => b.label.length - a.label.length)[0];
  if (root === undefined) return { ok: false, suggestion: nearest(names, roots) };
  const before = root.label.split('.').length;
  const steps = names.slice(before);
  let { shape } = root;
  let sensitive = sensitivityOf(shape, refs);
  for (const [index, step] of steps.entries()) {
    const next = readProperty(shape, step, refs);
    if (next === undefined) {
      const near = suggest(step, propertyNames(shape, refs));
      const owner = names.slice(0, before + index).join('.');
      const suggestion = near === undefined ? undefined : `${owner}.${near}`;
      return { ok: false, suggestion, missing: missingStep(owner, step, shape, refs) };
    }
    shape = next;
    sensitive ??= sensitivityOf(shape, refs);
  }
  return { ok: true, path: { arg: root.arg, steps }, shape, sensitive };
}

function nearest(names: readonly string[], roots: readonly RuleRoot[]): string | undefined {
  const labels = roots.map(({ label }) => label);
  return suggest(names[0] ?? '', labels) ?? suggest(names.join('.'), labels);
}

function sensitivityOf(shape: TypeShape, refs: readonly TypeShape[]): Sensitivity | undefined {
  return shape.sensitive ?? armsOf(shape, refs).find((arm) => arm.sensitive !== undefined)?.sensitive;
}

/**
 * Why a template cannot turn the value into text; undefined when it can. `nullable`: the only obstacle is null or
 * undefined, so a fallback would do.
 */
export function whyNotText(
  shape: TypeShape,
  refs: readonly TypeShape[],
): { readonly what: string; readonly nullable: boolean } | undefined {
  const arms = armsOf(shape, refs);
  const other = arms.find((arm) => arm.kind !== 'primitive' && arm.kind !== 'literal');
  if (other !== undefined) return { what: nameOf(other), nullable: false };
  const nothing = arms.find(isNothing);
  if (nothing === undefined) return undefined;
  return { what: nothing.kind === 'primitive' ? nothing.name : 'undefined', nullable: true };
}

function nameOf(shape: TypeShape): string {
  switch (shape.kind) {
    case 'object':
    case 'record':
      return 'an object';
    case 'array':
    case 'tuple':
      return 'a list';
    case 'any':
      return 'any';
    case 'date':
      return 'a Date';
    case 'unsupported':
      return shape.typeText;
    default:
      return `a ${shape.kind}`;
  }
}

/** The first property of an object that a template can use. */
export function textProperty(shape: TypeShape, refs: readonly TypeShape[]): string | undefined {
  return propertyNames(shape, refs).find((name) => {
    const property = readProperty(shape, name, refs);
    return property !== undefined && whyNotText(property, refs) === undefined;
  });
}
