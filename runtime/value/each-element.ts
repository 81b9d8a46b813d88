// Lists whose elements have functions of their own. Neither tests nor reading are here: there a call that V8 does not know in
// advance shows.
import type { WireWriter } from '../contract/wire.ts';

export function writeEach<T>(
  to: WireWriter,
  list: readonly T[],
  write: (to: WireWriter, element: T) => void,
): void {
  const count = list.length;
  to.list(count);
  for (let i = 0; i < count; i++) write(to, list[i] as T); // i < count
  to.end();
}

export function copyEach<T>(list: readonly T[], copy: (element: T) => T): T[] {
  const made = list.slice();
  for (let i = 0; i < made.length; i++) made[i] = copy(made[i] as T); // i < length
  return made;
}
