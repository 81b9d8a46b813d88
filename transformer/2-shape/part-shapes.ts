// Shapes of types that need no look at their members: keywords, built-ins, and classes with a codec.
import { knownType } from './known-types.ts';
import type { TypeFacts, TypeHandle } from './type-reader.ts';
import type { TypeShape, UnsupportedReason } from './type-shape.ts';

export type FactsOf<K extends TypeFacts['kind']> = Extract<TypeFacts, { kind: K }>;

/** An unsupported type stays in the tree, so that one build reports every problem. */
export const unsupported = (
  reason: UnsupportedReason,
  facts: { readonly text: string },
): Extract<TypeShape, { kind: 'unsupported' }> => ({ kind: 'unsupported', reason, typeText: facts.text });

/** `any` and `unknown` become `any`; every other keyword is unsupported. */
export function keywordShape(facts: FactsOf<'keyword'>): TypeShape {
  switch (facts.name) {
    case 'any':
    case 'unknown':
      return { kind: 'any' };
    case 'error':
      return unsupported('unresolved', facts);
    case 'object':
      return unsupported('object-keyword', facts);
    default:
      return unsupported(facts.name, facts);
  }
}

/** @param child reads the type arguments of Map and Set. */
export function builtInShape(facts: FactsOf<'built-in'>, child: (type: TypeHandle) => TypeShape): TypeShape {
  const known = knownType(facts.name);
  const [first, second] = facts.typeArguments;
  switch (known.kind) {
    case 'date':
      return { kind: 'date' };
    case 'bytes':
      return { kind: 'bytes', type: known.type };
    case 'text':
      return { kind: 'text', type: known.type };
    case 'unsupported':
      return unsupported(known.reason, facts);
    case 'map':
      if (first === undefined || second === undefined) return unsupported('built-in', facts);
      return { kind: 'map', key: child(first), value: child(second), readonly: known.readonly };
    case 'set':
      if (first === undefined) return unsupported('built-in', facts);
      return { kind: 'set', element: child(first), readonly: known.readonly };
  }
}

/** A class with a codec: the data that the codec writes has the shape `wire`; `reach` is for the emitted code. */
export function classShape(facts: FactsOf<'class'>, child: (type: TypeHandle) => TypeShape): TypeShape {
  const { name, id, reach, why } = facts;
  if (id === undefined)
    return { ...unsupported('class', facts), why: 'the `id` of its codec is no string literal' };
  const wire: TypeShape = facts.wire === 'bytes' ? { kind: 'bytes', type: 'Uint8Array' } : child(facts.wire);
  return { kind: 'class', id, name, wire, reach, ...(why !== undefined && { why }) };
}
