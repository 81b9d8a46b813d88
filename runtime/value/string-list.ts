// Lists of strings, the most common lists: generated functions call these instead of having a loop.
import type { WireReader, WireWriter } from '../contract/wire.ts';

/** Whether it is an array with the built-in prototype, without holes, whose elements are strings. */
export function isStrings(value: unknown): value is string[] {
  if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype) return false;
  const list: readonly unknown[] = value;
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== 'string') return false;
  return true;
}

/** Writes a list. */
export function writeStrings(to: WireWriter, list: readonly string[]): void {
  to.list(list.length);
  for (let i = 0; i < list.length; i++) to.str(list[i] as string); // i < length
  to.end();
}

/** Reads a list. @throws the errors of `from` */
export function readStrings(from: WireReader): string[] {
  const count = from.list();
  const list: string[] = [];
  for (let i = 0; i < count; i++) list.push(from.str());
  from.end();
  return list;
}
