// Writes and copies maps of primitives. One shared function is as fast as generated code here, because the iteration
// takes longer than the choice of the kind. That is not so for checking and reading, which are generated.
import type { PartKind } from '../contract/value-kit.ts';
import type { WireWriter } from '../contract/wire.ts';
import { failWire } from './wire-error.ts';

/** Writes a map. @throws WireError if the map changes meanwhile, since code of the user can run during the iteration */
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

/** Copies a map. */
export function copyMap<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  const made = new Map<K, V>();
  for (const [key, item] of map) made.set(key, item);
  return made;
}

/** `part` must be of this kind. */
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
