// Resolves paths such as `$opts.page` to an expression and the type of its value.
import type { ParamShape, TypeShape } from '../2-shape/type-shape.ts';
import { suggest } from '../diagnostics/suggest.ts';

export type PathAnswer =
  | {
      readonly ok: true;
      readonly root: string;
      readonly text: string;
      readonly label: string;
      readonly shape: TypeShape;
    }
  /** `suggestion` is a whole path, with its `$`. */
  | {
      readonly ok: false;
      readonly suggestion: string | undefined;
      readonly missing?: MissingStep;
      /** The text is no path at all, but looks meant as one. */
      readonly malformed?: true;
    };

/** The step at which a path that begins with a known name ends: `pag` of `opts`. */
export interface MissingStep {
  readonly owner: string;
  readonly step: string;
  /** The type of the owner, if it is a class or the like, into which no path leads, whatever it has. */
  readonly closed?: string | undefined;
}

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/u.source;
const PATH = new RegExp(`^\\$(${NAME})((?:\\??\\.${NAME})*)$`, 'u');
/** `['path']` or `?.["path"]` with a name that can stand behind a dot. */
const BRACKETS = new RegExp(`(?:\\?\\.)?\\[(['"\`])(${NAME})\\1\\]`, 'gu');

/** Resolves a path against the parameters. Every step is `?.` at run time, so that a wrong type gives undefined. */
export function resolvePath(
  path: string,
  bound: readonly ParamShape[],
  refs: readonly TypeShape[],
): PathAnswer {
  const match = PATH.exec(path);
  const names = bound.map((param) => param.name);
  if (match === null) return otherForm(path, bound, refs);
  const root = match[1] ?? '';
  const param = bound.find((candidate) => candidate.name === root);
  if (param === undefined) return { ok: false, suggestion: withDollar(suggest(root, names)) };
  const steps = (match[2] ?? '').split(/\??\./).slice(1);
  let shape = paramShape(param);
  for (const [i, step] of steps.entries()) {
    const next = readProperty(shape, step, refs);
    if (next === undefined) {
      const near = suggest(step, propertyNames(shape, refs));
      const before = [root, ...steps.slice(0, i)].join('.');
      const suggestion = near === undefined ? undefined : `$${before}.${near}`;
      return { ok: false, suggestion, missing: missingStep(before, step, shape, refs) };
    }
    shape = next;
  }
  return { ok: true, root, text: [root, ...steps].join('?.'), label: [root, ...steps].join('.'), shape };
}

/** The answer about text that is no path: without its dollar sign, with brackets, or with something else in it. */
function otherForm(path: string, bound: readonly ParamShape[], refs: readonly TypeShape[]): PathAnswer {
  if (!path.startsWith('$'))
    return { ok: false, suggestion: resolves(`$${path}`, bound, refs) ? `$${path}` : undefined };
  const dotted = path.replace(BRACKETS, '.$2');
  if (!PATH.test(dotted)) return { ok: false, suggestion: undefined, malformed: true };
  const answer = resolvePath(dotted, bound, refs);
  return answer.ok ? { ok: false, suggestion: dotted, malformed: true } : answer;
}

function resolves(path: string, bound: readonly ParamShape[], refs: readonly TypeShape[]): boolean {
  return PATH.test(path) && resolvePath(path, bound, refs).ok;
}

/** `shape`: the type of `owner`, which has no such property that a path can read. */
export function missingStep(
  owner: string,
  step: string,
  shape: TypeShape,
  refs: readonly TypeShape[],
): MissingStep {
  const closed = armsOf(shape, refs).find((arm) => arm.kind === 'class' || arm.kind === 'unsupported');
  const type = closed?.kind === 'class' ? closed.name : closed?.typeText;
  return { owner, step, closed: type };
}

function withDollar(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `$${name}`;
}

/** The type of a parameter inside the body: with undefined if the caller may leave it out. */
export function paramShape(param: ParamShape): TypeShape {
  return param.optional && !param.rest ? orUndefined(param.shape) : param.shape;
}

/** The type of `value?.name`; undefined when no arm of the type has that property. */
export function readProperty(
  shape: TypeShape,
  name: string,
  refs: readonly TypeShape[],
): TypeShape | undefined {
  const found: TypeShape[] = [];
  let always = true;
  for (const arm of armsOf(shape, refs)) {
    const property = propertyOf(arm, name);
    if (property === undefined) always = false;
    else found.push(property);
  }
  if (found.length === 0) return undefined;
  const joined = joinArms(found.flatMap((one) => armsOf(one, refs)));
  return always ? joined : orUndefined(joined);
}

const NUMBER: TypeShape = { kind: 'primitive', name: 'number' };

function propertyOf(shape: TypeShape, name: string): TypeShape | undefined {
  if (shape.kind === 'any') return shape;
  if (name === 'length' && hasLength(shape)) return NUMBER;
  if (name === 'size' && (shape.kind === 'map' || shape.kind === 'set')) return NUMBER;
  if (shape.kind !== 'object' && shape.kind !== 'record') return undefined;
  const property = shape.properties.find((candidate) => candidate.name === name);
  if (property !== undefined) return property.optional ? orUndefined(property.shape) : property.shape;
  return shape.kind === 'record' ? orUndefined(shape.value) : undefined;
}

function hasLength(shape: TypeShape): boolean {
  if (shape.kind === 'primitive') return shape.name === 'string';
  if (shape.kind === 'literal') return typeof shape.value === 'string';
  if (shape.kind === 'bytes') return shape.type !== 'ArrayBuffer';
  return shape.kind === 'array' || shape.kind === 'tuple';
}

/** Declared property names of all arms. */
export function propertyNames(shape: TypeShape, refs: readonly TypeShape[]): readonly string[] {
  return armsOf(shape, refs).flatMap((arm) =>
    arm.kind === 'object' || arm.kind === 'record' ? arm.properties.map((property) => property.name) : [],
  );
}

/** The arms of a union, or the type itself as the only arm, with refs replaced by their bodies. */
export function armsOf(
  shape: TypeShape,
  refs: readonly TypeShape[],
  seen: readonly number[] = [],
): readonly TypeShape[] {
  if (shape.kind === 'union') return shape.arms.flatMap((arm) => armsOf(arm, refs, seen));
  if (shape.kind !== 'ref') return [shape];
  const target = refs[shape.id];
  return target === undefined || seen.includes(shape.id) ? [] : armsOf(target, refs, [...seen, shape.id]);
}

/** Adds undefined as an arm, unless the type has it already. */
function orUndefined(shape: TypeShape): TypeShape {
  if (shape.kind === 'any') return shape;
  const arms = shape.kind === 'union' ? shape.arms : [shape];
  const hasUndefined = arms.some((arm) => arm.kind === 'primitive' && arm.name === 'undefined');
  return hasUndefined ? shape : { kind: 'union', arms: [...arms, { kind: 'primitive', name: 'undefined' }] };
}

function joinArms(arms: readonly TypeShape[]): TypeShape {
  const unique = new Map(arms.map((arm) => [JSON.stringify(arm), arm]));
  const list = [...unique.values()];
  const [only] = list;
  return list.length === 1 && only !== undefined ? only : { kind: 'union', arms: list };
}
