// Rule: every value that enters the key must have a canonical text.
import type { Range } from '../1-scan/marker.ts';
import { propertyPath } from '../2-shape/places-of.ts';
import type { PropertyShape, TypeShape } from '../2-shape/type-shape.ts';
import { isNothing } from '../2-shape/union-shape.ts';
import type { CachePlan, KeyPartPlan } from '../3-plan/cache-plan.ts';
import { armsOf } from '../3-plan/key-path.ts';
import { leavingOut, withOption } from '../3-plan/marker-fixes.ts';
import { keyFunctionOf } from '../3-plan/parse-settings.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';
import { findUnkeyable } from './unkeyable.ts';

/** CK1201 and CK1208 for each parameter; CK1113 and CK1118 where the type itself is the problem. */
export const paramsAreKeyable: Rule = (plan) => {
  // The result of a key function replaces the arguments.
  if (keyFunctionOf(plan.marker) !== undefined || isUnread(plan, 'key', 'ignore')) return [];
  return plan.key.parts
    .filter((part) => part.source === 'parameter' || part.source === 'path')
    .flatMap((part) => checkPart(part, plan));
};

function checkPart(part: KeyPartPlan, plan: CachePlan): readonly Finding[] {
  const found = findUnkeyable(part.shape, plan.signature.refs);
  if (found === undefined) return [];
  const root = part.label.split('.')[0] ?? part.label;
  const range = rangeOfParam(root, plan);
  const { path, what, typeText } = found;
  if (found.reason === 'unresolved') return [{ code: 'CK1113', range, args: { path: '', type: typeText } }];
  if (found.reason === 'too-deep') return [{ code: 'CK1118', range, args: { path: '', type: typeText } }];
  if (found.hidden === true)
    return [{ code: 'CK1208', range, args: { name: part.label + path, type: typeText, root } }];
  const instead = keyWithout(path, part, plan);
  const fixes = [
    ...(instead === undefined
      ? []
      : withOption(plan.marker, instead, `Name what identifies a call: ${instead}`)),
    ...(isOnly(root, plan) ? [] : leavingOut(plan.marker, root)),
  ];
  return [{ code: 'CK1201', range, args: { name: part.label + path, what, root, instead }, fixes }];
}

/** Paths in a suggested `key=`; more would be no advice. */
const MAX_PATHS = 6;

/**
 * `key=$id,$options.limit` for a parameter `options` of which only one property, at `path`, cannot be in the key. It is
 * often the signal of a request. Undefined: the marker says already what the key is, or there is more to leave out.
 */
function keyWithout(
  path: string,
  part: KeyPartPlan,
  { key, marker, signature }: CachePlan,
): string | undefined {
  const isDecided = marker.directive.options.some(({ name }) => name === 'key' || name === 'ignore');
  if (isDecided || key.parts.some(({ source }) => source !== 'parameter')) return undefined;
  const properties = propertiesOf(part.shape, signature.refs)?.filter(
    ({ name }) => propertyPath(name) !== path,
  );
  if (properties === undefined) return undefined;
  const paths = key.parts.flatMap(({ label }) =>
    label === part.label ? properties.map(({ name }) => `$${label}${propertyPath(name)}`) : [`$${label}`],
  );
  const others = [...key.parts.filter((one) => one !== part), ...properties];
  const isKeyable = others.every(({ shape }) => findUnkeyable(shape, signature.refs) === undefined);
  const isShort = paths.length > 0 && paths.length <= MAX_PATHS && !paths.some((one) => one.includes('['));
  return isKeyable && isShort ? `key=${paths.join(',')}` : undefined;
}

/** Of an object that may be missing. */
function propertiesOf(shape: TypeShape, refs: readonly TypeShape[]): readonly PropertyShape[] | undefined {
  const [only, ...others] = armsOf(shape, refs).filter((arm) => !isNothing(arm));
  return others.length === 0 && only?.kind === 'object' ? only.properties : undefined;
}

/** True when nothing else is in the key: without this parameter all calls would share one entry. */
function isOnly(root: string, { key }: CachePlan): boolean {
  return key.parts.every(({ label }) => label === root);
}

function rangeOfParam(name: string, plan: CachePlan): Range {
  const { target } = plan.marker;
  return target.params.find((param) => param.names.includes(name))?.range ?? target.nameRange;
}
