// Rule: the result must come back from the cache unchanged. One finding for each place in its type that would not.
import { placesOf, type Place } from '../2-shape/places-of.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import { IMPOSSIBLE } from '../diagnostics/codes/type-codes.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { mergeFindings } from './merge-findings.ts';
import { resultRange, type Rule } from './rule.ts';

type Unsupported = Extract<TypeShape, { kind: 'unsupported' }>;

/**
 * CK1102 to CK1118: by the reason at each place. CK2006: nested `any`. CK2021: data classes and instances. CK3007: the
 * serializer chosen.
 */
export const resultIsStorable: Rule = (plan) => {
  const { result, refs } = plan.signature;
  const { serializer } = plan;
  const range = resultRange(plan);
  const findings: Finding[] = [];
  for (const place of placesOf(result, refs)) findings.push(...checkPlace(place, plan));
  for (const { range: at, path, type: asserted } of plan.signature.asserted ?? [])
    findings.push({ code: 'CK2006', range: at, args: { path, asserted } });
  for (const { range: at, ...args } of plan.signature.instances ?? [])
    findings.push({ code: 'CK2021', range: at, args: { ...args, returned: true } });
  const isChosen = serializer.value !== 'std' && serializer.reason !== 'marker';
  if (isChosen && !isUnread(plan, 'serializer', 'profile')) {
    const args = { serializer: serializer.value, reason: serializer.reason };
    findings.push({ code: 'CK3007', range, args });
  }
  return mergeFindings(findings);
};

function checkPlace(place: Place, plan: CachePlan): readonly Finding[] {
  const { shape, path, isArm } = place;
  const range = resultRange(plan);
  switch (shape.kind) {
    case 'any':
      return [{ code: 'CK2006', range, args: { path } }];
    case 'record':
      return hasProto(shape) ? [unstorableProto(path, plan)] : [];
    case 'object':
      if (hasProto(shape)) return [unstorableProto(path, plan)];
      if (shape.dataClass !== true) return [];
      return [{ code: 'CK2021', range, args: { path, type: shape.name ?? 'without a name' } }];
    case 'class': {
      const { name, reach, why } = shape;
      return reach === undefined ? [{ code: 'CK1108', range, args: { path, type: name, why } }] : [];
    }
    case 'primitive': {
      const isNothing = shape.name === 'undefined' && path === '' && !isArm;
      return isNothing ? [{ code: 'CK1103', range, args: { type: 'undefined' } }] : [];
    }
    case 'unsupported':
      // A generator function is reported by another rule.
      if (plan.marker.target.generator && path === '') return [];
      return [path === '' && !isArm ? wholeResult(shape, plan) : partOfResult(shape, path, plan)];
    default:
      return [];
  }
}

/** Copying a property named `__proto__` would set the prototype instead, so such objects are never stored. */
function hasProto({ properties }: Extract<TypeShape, { kind: 'object' | 'record' }>): boolean {
  return properties.some(({ name }) => name === '__proto__');
}

function unstorableProto(path: string, plan: CachePlan): Finding {
  const type = "an object with a property '__proto__'";
  return { code: 'CK1107', range: resultRange(plan), args: { path, type, why: 'which is never stored' } };
}

function wholeResult(shape: Unsupported, plan: CachePlan): Finding {
  const range = resultRange(plan);
  const args = { type: shape.typeText };
  switch (shape.reason) {
    case 'void':
      return { code: 'CK1103', range, args };
    case 'never':
      return { code: 'CK1104', range, args: {} };
    case 'any':
    case 'object-keyword':
      return { code: 'CK1105', range, args };
    case 'iterator':
      return { code: 'CK1102', range, args: {} };
    default:
      return partOfResult(shape, '', plan);
  }
}

function partOfResult(shape: Unsupported, path: string, plan: CachePlan): Finding {
  const range = resultRange(plan);
  const args = { path, type: shape.typeText };
  switch (shape.reason) {
    case 'function':
      return { code: 'CK1106', range, args };
    case 'class':
      return { code: 'CK1108', range, args: { ...args, why: shape.why } };
    case 'stream':
    case 'iterator':
      return { code: 'CK1109', range, args };
    case 'http':
      return { code: 'CK1110', range, args };
    case 'error':
      return { code: 'CK1111', range, args };
    case 'unresolved':
      return { code: 'CK1113', range, args };
    case 'this':
      return { code: 'CK1114', range, args };
    case 'type-parameter': {
      // The checker prints an awaited T as Awaited<T>.
      const type = shape.typeText.replace(/^Awaited<(.*)>$/, '$1');
      return { code: 'CK1117', range, args: { path, type } };
    }
    case 'too-deep':
      return { code: 'CK1118', range, args };
    default:
      return { code: 'CK1107', range, args: noWireForm(shape, path) };
  }
}

/** Path segment of the one property under which stage 2 puts all symbol keys of a type. */
const SYMBOL_KEYS = '["[symbol]"]';

function noWireForm(shape: Unsupported, path: string): { path: string; type: string; why: string } {
  if (path.endsWith(SYMBOL_KEYS)) {
    const owner = path.slice(0, -SYMBOL_KEYS.length);
    return { path: owner, type: shape.typeText, why: 'whose symbol keys no serializer keeps' };
  }
  return { path, type: shape.typeText, why: WHY[shape.reason] ?? 'which has no codec' };
}

const WHY: Readonly<Partial<Record<Unsupported['reason'], string>>> = {
  any: 'which can be anything',
  symbol: 'which no serializer keeps',
  promise: 'which is not settled',
  weak: 'whose contents cannot be read',
  void: 'which is no value',
  never: 'which is no value',
  'object-keyword': 'which does not say its properties',
  impossible: IMPOSSIBLE,
};
