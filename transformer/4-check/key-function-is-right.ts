// Rule: the key function of `cached()` must return something that can be a key, and not a promise.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { keyFunctionOf } from '../3-plan/parse-settings.ts';
import type { Rule } from './rule.ts';

/** CK1213. A result of type `any` is left to the runtime, which does not cache calls without a key. */
export const keyFunctionIsRight: Rule = ({ marker, signature }) => {
  const range = keyFunctionOf(marker)?.range;
  const { keyResult, refs } = signature;
  if (range === undefined || keyResult === undefined) return [];
  const got = keyResult.promise ? 'a promise' : notKeyPart(keyResult.shape, refs, new Set());
  return got === undefined ? [] : [{ code: 'CK1213', range, args: { got } }];
};

function notKeyPart(shape: TypeShape, refs: readonly TypeShape[], seen: Set<number>): string | undefined {
  switch (shape.kind) {
    case 'array':
      return notKeyPart(shape.element, refs, seen);
    case 'tuple':
      return firstOf(shape.elements.map((element) => notKeyPart(element.shape, refs, seen)));
    case 'union':
      return firstOf(shape.arms.map((arm) => notKeyPart(arm, refs, seen)));
    case 'ref': {
      const target = refs[shape.id];
      if (target === undefined || seen.has(shape.id)) return undefined;
      seen.add(shape.id);
      return notKeyPart(target, refs, seen);
    }
    case 'object':
    case 'record':
      return 'an object';
    case 'map':
    case 'set':
    case 'bytes':
      return `a value of kind ${shape.kind}`;
    case 'unsupported':
      return shape.reason === 'any' ? undefined : shape.typeText;
    default:
      return undefined;
  }
}

function firstOf(answers: readonly (string | undefined)[]): string | undefined {
  return answers.find((answer) => answer !== undefined);
}
