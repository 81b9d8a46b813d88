// Rule: other languages must be able to build the key and hold the result of a function with `interop`.
import type { Place } from '../2-shape/places-of.ts';
import { placesOf } from '../2-shape/places-of.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { resultRange, type Rule } from './rule.ts';

interface Misfit {
  readonly what: string;
  readonly why: string;
}

/** CK1119, for the first such place in each parameter and in the result. `any` is checked at run time. */
export const interopFits: Rule = (plan) =>
  plan.settings.interop === undefined ? [] : [...checkParams(plan), ...checkResult(plan)];

function checkParams(plan: CachePlan): readonly Finding[] {
  const { marker, signature, key } = plan;
  return marker.target.params.flatMap(({ names, pattern, range, default: preset }): readonly Finding[] => {
    const [name = ''] = names;
    const refuse = ({ what, why }: Misfit, path = ''): readonly Finding[] => [
      { code: 'CK1119', range, args: { what, why, place: `parameter '${name}${path}'` } },
    ];
    if (pattern)
      return refuse({
        what: 'a destructured parameter',
        why: 'they have one argument there; take it as a whole',
      });
    const bound = signature.bound.find((one) => one.name === name);
    const isOpen = bound?.rest === true || preset !== 'none' || bound?.optional === true;
    if (marker.kind === 'call' && isOpen)
      return refuse({
        what: 'an argument that may be left out',
        why: 'cached() sees only what was passed; mark the function by a comment, or require the argument',
      });
    if (bound?.optional === true && preset === 'none')
      return refuse({ what: 'undefined', why: 'they have no such value; give it a default, or pass null' });
    const part = key.parts.find((one) => one.label === name);
    const found = part === undefined ? undefined : firstMisfit(part.shape, signature.refs, argumentMisfit);
    return found === undefined ? [] : refuse(found.misfit, found.path);
  });
}

function checkResult(plan: CachePlan): readonly Finding[] {
  const { result, refs } = plan.signature;
  const found = firstMisfit(result, refs, resultMisfit);
  if (found === undefined) return [];
  const place = found.path === '' ? 'the result' : `result ${found.path}`;
  return [{ code: 'CK1119', range: resultRange(plan), args: { ...found.misfit, place } }];
}

function firstMisfit(
  shape: TypeShape,
  refs: readonly TypeShape[],
  misfitOf: (place: Place) => Misfit | undefined,
): { readonly misfit: Misfit; readonly path: string } | undefined {
  for (const place of placesOf(shape, refs)) {
    const misfit = misfitOf(place);
    if (misfit !== undefined) return { misfit, path: place.path };
  }
  return undefined;
}

const UNKNOWN = 'they have no such type';

/** What neither an argument nor a result can be. */
function commonMisfit({ shape }: Place): Misfit | undefined {
  switch (shape.kind) {
    case 'primitive':
      return shape.name === 'undefined'
        ? { what: 'undefined', why: 'they have no such value; use null' }
        : undefined;
    case 'text':
      return { what: shape.type, why: `${UNKNOWN}; use its text` };
    case 'class':
      return { what: `class ${shape.name}`, why: `${UNKNOWN}; use its data` };
    case 'bytes':
      return shape.type === 'Uint8Array' || shape.type === 'Buffer'
        ? undefined
        : { what: shape.type, why: `${UNKNOWN}; use a Uint8Array` };
    default:
      return undefined;
  }
}

function argumentMisfit(place: Place): Misfit | undefined {
  const { shape } = place;
  if (shape.kind === 'map' && !isText(shape.key))
    return { what: 'a Map whose keys are no texts', why: 'names are texts there' };
  return commonMisfit(place);
}

/** Also what would come back as a value of another type. */
function resultMisfit(place: Place): Misfit | undefined {
  const { shape } = place;
  const isBig =
    (shape.kind === 'primitive' && shape.name === 'bigint') ||
    (shape.kind === 'literal' && typeof shape.value === 'object');
  if (isBig) return { what: 'bigint', why: 'small ones would come back as numbers; use a number or a text' };
  if (shape.kind === 'map') return { what: 'a Map', why: 'it would come back as an object' };
  if (shape.kind === 'set') return { what: 'a Set', why: 'it would come back as an array' };
  if (shape.kind === 'bytes' && shape.type === 'Buffer')
    return { what: 'Buffer', why: 'it would come back as a Uint8Array' };
  return commonMisfit(place);
}

function isText(shape: TypeShape): boolean {
  if (shape.kind === 'union') return shape.arms.every(isText);
  return (
    (shape.kind === 'primitive' && shape.name === 'string') ||
    (shape.kind === 'literal' && typeof shape.value === 'string')
  );
}
