// Hand-written values of stages 1 and 2 for tests of the later stages.
import type { Marker, Option, OptionValue, Target } from '../../../transformer/1-scan/marker.ts';
import type {
  ParamShape,
  PropertyShape,
  SignatureShape,
  TypeShape,
} from '../../../transformer/2-shape/type-shape.ts';
import type { CachePlan } from '../../../transformer/3-plan/cache-plan.ts';
import { planSite, type PlanInput, type PlanResult } from '../../../transformer/3-plan/plan-site.ts';
import { resolveOptions } from '../../../transformer/options.ts';

export const string: TypeShape = { kind: 'primitive', name: 'string' };
export const number: TypeShape = { kind: 'primitive', name: 'number' };
export const boolean: TypeShape = { kind: 'primitive', name: 'boolean' };
export const nothing: TypeShape = { kind: 'primitive', name: 'undefined' };
export const date: TypeShape = { kind: 'date' };

export function object(
  fields: Readonly<Record<string, TypeShape>>,
  optional: readonly string[] = [],
): TypeShape {
  return { kind: 'object', properties: propertiesOf(fields, optional) };
}

export function propertiesOf(
  fields: Readonly<Record<string, TypeShape>>,
  optional: readonly string[] = [],
): readonly PropertyShape[] {
  return Object.entries(fields).map(([name, shape]) => ({
    name,
    shape,
    optional: optional.includes(name),
    readonly: false,
  }));
}

export function array(element: TypeShape): TypeShape {
  return { kind: 'array', element, readonly: false };
}

export function union(...arms: readonly TypeShape[]): TypeShape {
  return { kind: 'union', arms };
}

export function literal(value: string | number | boolean): TypeShape {
  return { kind: 'literal', value };
}

export function unsupported(
  reason: Extract<TypeShape, { kind: 'unsupported' }>['reason'],
  typeText: string = reason,
): TypeShape {
  return { kind: 'unsupported', reason, typeText };
}

export function param(name: string, shape: TypeShape, more: Partial<ParamShape> = {}): ParamShape {
  return { name, shape, optional: false, rest: false, ...more };
}

/** A promise of `result`. */
export function signature(
  bound: Readonly<Record<string, TypeShape>>,
  result: TypeShape = number,
  more: Partial<SignatureShape> = {},
): SignatureShape {
  return {
    bound: Object.entries(bound).map(([name, shape]) => param(name, shape)),
    captures: [],
    result,
    returnsPromise: true,
    predicate: false,
    refs: [],
    files: [],
    ...more,
  };
}

export function target(name: string, more: Partial<Target> = {}): Target {
  return {
    form: 'function',
    name,
    qualifiedName: name,
    reach: name,
    node: { start: 20, end: 90 },
    nameRange: { start: 30, end: 34 },
    returnTypeRange: { start: 40, end: 50 },
    async: true,
    generator: false,
    asyncRange: { start: 20, end: 25 },
    asyncBy: '',
    params: [],
    body: { block: true, open: 60, close: 89, hasDirectives: false },
    usesArguments: false,
    thisReads: [],
    captures: [],
    ...more,
  };
}

/** An option at [10, 20): `key=value` as text, or any other value. */
export function option(name: string, value: string | OptionValue): Option {
  return {
    name,
    value: typeof value === 'string' ? { kind: 'text', text: value, quoted: false } : value,
    nameRange: { start: 10, end: 10 + name.length },
    valueRange: { start: 30, end: 30 + (typeof value === 'string' ? value.length : 5) },
  };
}

export function marker(
  of: Target,
  profile?: string,
  options: readonly Option[] = [],
  kind: Marker['kind'] = 'comment',
): Marker {
  const directive = { profile, profileRange: { start: 7, end: 7 + (profile?.length ?? 0) }, options };
  return { kind, directive, target: of, range: { start: 0, end: 6 } };
}

export function plan(of: Marker, types: SignatureShape, more: Partial<PlanInput> = {}): PlanResult {
  return planSite({
    marker: of,
    signature: types,
    shapeHash: '0123456789abcdef',
    codeTokens: 'return 1',
    file: '/app/src/orders.ts',
    path: 'src/orders.ts',
    packageName: '@acme/shop',
    options: resolveOptions({}, '/app/tsconfig.json').options,
    ...more,
  });
}

/** The plan of a marker without problems of its own. */
export function planned(of: Marker, types: SignatureShape, more: Partial<PlanInput> = {}): CachePlan {
  const result = plan(of, types, more);
  if (result.plan === undefined) throw new Error(`no plan: ${JSON.stringify(result.problems)}`);
  return result.plan;
}
