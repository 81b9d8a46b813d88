// Which serializer stores the result: the written one if it can hold the type, else the least that can.
import { ARROW_TABLE } from '../2-shape/arrow-table.ts';
import type { Place } from '../2-shape/places-of.ts';
import { placesOf } from '../2-shape/places-of.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import type { Choice } from './cache-plan.ts';

/** Serializers a marker may name. */
export const serializerNames = ['std', 'auto', 'json', 'arrow'] as const;
export type SerializerName = (typeof serializerNames)[number];

/** Something in the result that a serializer does not hold. */
interface SerializerLoss {
  /** `Date`, `bigint`, `undefined in an array`. */
  readonly what: string;
  readonly path: string;
}

/** The choice, and what a written serializer would lose (CK1112). */
export interface SerializerChoice {
  readonly serializer: Choice<SerializerName>;
  readonly loss: SerializerLoss | undefined;
}

/** `arrow` for a table; `std` for values every language has; `auto` when the type needs more, with the first place as reason. */
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

/** The name of a value that MessagePack of other languages (or JSON) does not have; undefined for the others. */
function notPlain({ shape, role }: Place, json: boolean): string | undefined {
  switch (shape.kind) {
    case 'primitive':
      if (shape.name === 'bigint') return 'bigint';
      // A missing property and a missing result have their own wire form; inside a list there is nothing to leave out.
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
