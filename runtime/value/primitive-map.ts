// Maps of primitives: here the loop costs more than telling the kind of each part. Neither tests nor reading are here: those would
// be slower.
import type { PartKind } from '../contract/value-kit.ts';
import type { WireWriter } from '../contract/wire.ts';
import { failWire } from './wire-error.ts';

/** @throws WireError where the size is not how many there are: code of a user can run inside. */
export function writeMap(
  to: WireWriter,
  map: ReadonlyMap<unknown, unknown>,
  key: PartKind,
  item: PartKind,
): void {
  let left = map.size;
  to.list(2 * left);
  for (const [x, y] of map) {
    left--;
    writePart(to, x, key);
    writePart(to, y, item);
  }
  if (left !== 0) failWire();
  to.end();
}

export function copyMap<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  const made = new Map<K, V>();
  for (const [key, item] of map) made.set(key, item);
  return made;
}

/** `part` is of that kind. */
function writePart(to: WireWriter, part: unknown, kind: PartKind): void {
  switch (kind) {
    case 'string':
      return to.str(part as string);
    case 'number':
      return to.num(part as number);
    case 'boolean':
      return to.bool(part as boolean);
    case 'bigint':
      return to.big(part as bigint);
  }
}
