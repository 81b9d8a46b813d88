// Chooses the serializer for the result: the one the marker names, else the simplest that can hold the type.
import { ARROW_TABLE } from '../2-shape/arrow-table.ts';
import type { Place } from '../2-shape/places-of.ts';
import { placesOf } from '../2-shape/places-of.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import type { Choice } from './cache-plan.ts';

/** Built-in serializers. */
export const serializerNames = ['std', 'auto', 'json', 'arrow'] as const;
export type SerializerName = (typeof serializerNames)[number];

/** Something in the result that a serializer cannot hold. */
interface SerializerLoss {
  /** `Date`, `bigint`, `undefined in an array`. */
  readonly what: string;
  readonly path: string;
}

/** The choice, and what the serializer named by the marker would lose (CK1112). */
export interface SerializerChoice {
  readonly serializer: Choice<SerializerName>;
  readonly loss: SerializerLoss | undefined;
}

/**
 * `arrow` for a table, `std` for values every language has, else `auto`, with the first place that needs it as the
 * reason.
 */
export function chooseSerializer(
  written: SerializerName | undefined,
  result: TypeShape,
  refs: readonly TypeShape[],
): SerializerChoice {
  const isTable = result.kind === 'class' && result.id === ARROW_TABLE;
  if (written === 'arrow' || (written === undefined && isTable)) {
    const reason = written === undefined ? 'a table of apache-arrow' : 'marker';
    const loss = isTable ? undefined : { what: 'anything but a table of apache-arrow', path: '' };
    return { serializer: { value: 'arrow', reason }, loss };
  }
  const loss = findLoss(result, refs, written === 'json');
  if (written !== undefined) {
    return { serializer: { value: written, reason: 'marker' }, loss: written === 'auto' ? undefined : loss };
  }
  if (loss === undefined) return { serializer: { value: 'std', reason: 'plain values' }, loss: undefined };
  const reason = loss.path === '' ? `${loss.what} as the result` : `${loss.what} at ${loss.path}`;
  return { serializer: { value: 'auto', reason }, loss: undefined };
}

function findLoss(result: TypeShape, refs: readonly TypeShape[], json: boolean): SerializerLoss | undefined {
  for (const place of placesOf(result, refs)) {
    const what = notPlain(place, json);
    if (what !== undefined) return { what, path: place.path };
  }
  return undefined;
}

/** Names a value that plain MessagePack (or JSON) cannot hold; undefined for all others. */
function notPlain({ shape, role }: Place, json: boolean): string | undefined {
  switch (shape.kind) {
    case 'primitive':
      if (shape.name === 'bigint') return 'bigint';
      // An undefined property or result has a wire form of its own; an undefined element cannot be left out of its
      // list.
      return shape.name === 'undefined' && role === 'inner' ? 'undefined in a collection' : undefined;
    case 'literal':
      return typeof shape.value === 'object' ? 'bigint' : undefined;
    case 'date':
      return 'Date';
    case 'map':
      return 'Map';
    case 'set':
      return 'Set';
    case 'bytes':
      return !json && (shape.type === 'Uint8Array' || shape.type === 'Buffer') ? undefined : shape.type;
    case 'text':
      return shape.type;
    case 'class':
      return `class ${shape.name}`;
    case 'any':
      return 'any';
    default:
      return undefined;
  }
}
