// Steps that generated codecs share: begin the object member of a union, begin a value with its layout, and end a list.
import type { WireReader, WireWriter } from '../contract/wire.ts';
import { failWire } from './wire-error.ts';

/** Begins `[0, …]`, the object member of a union. `end()` of the writer ends it. */
export function writeOnlyArm(to: WireWriter): void {
  to.list(2);
  to.num(0);
}

/** The same for reading. @throws WireError if something else is next */
export function enterOnlyArm(from: WireReader): void {
  if (!from.skipPair() || from.num() !== 0) failWire();
}

/** Begins `[layout, …]`, a value of a type that can be written in several ways. `end()` of the writer ends it. */
export function writeLayout(to: WireWriter, layout: string): void {
  to.list(2);
  to.str(layout);
}

/** The same for reading. @throws WireError if another layout is next */
export function enterLayout(from: WireReader, layout: string): void {
  from.list(2);
  if (from.str() !== layout) failWire();
}

/** Ends a list, and returns the value that was read in it. */
export function endWith<T>(from: WireReader, value: T): T {
  from.end();
  return value;
}
