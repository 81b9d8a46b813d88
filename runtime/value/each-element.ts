// Writes and copies lists with a function per element. Checking and reading are generated as loops instead, because
// there the indirect call is too slow.
import type { WireWriter } from '../contract/wire.ts';

/** Writes a list. */
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

/** Copies a list. */
export function copyEach<T>(list: readonly T[], copy: (element: T) => T): T[] {
  const made = list.slice();
  for (let i = 0; i < made.length; i++) made[i] = copy(made[i] as T); // i < length
  return made;
}
