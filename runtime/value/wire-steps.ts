// Steps of generated codecs: into the object of a union that has one, into a value that says its layout, and out of a list with
// what was read.
import type { WireReader, WireWriter } from '../contract/wire.ts';
import { failWire } from './wire-error.ts';

/** Into `[0, …]`; `end()` of the writer leads out. */
export function writeOnlyArm(to: WireWriter): void {
  to.list(2);
  to.num(0);
}

/** Into `[0, …]`. @throws WireError where something else is next. */
export function enterOnlyArm(from: WireReader): void {
  if (!from.skipPair() || from.num() !== 0) failWire();
}

/** Into `[layout, …]`; `end()` of the writer leads out. */
export function writeLayout(to: WireWriter, layout: string): void {
  to.list(2);
  to.str(layout);
}

/** Into `[layout, …]`. @throws WireError where another layout is next. */
export function enterLayout(from: WireReader, layout: string): void {
  from.list(2);
  if (from.str() !== layout) failWire();
}

/** Out of the list; `value` is what was read in it. */
export function endWith<T>(from: WireReader, value: T): T {
  from.end();
  return value;
}
