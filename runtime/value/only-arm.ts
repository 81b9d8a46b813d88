// Steps of generated decoders: into the object of a union that has one, and out of a list with what was read.
import type { WireReader } from '../contract/wire.ts';
import { failWire } from './wire-error.ts';

/** Into `[0, …]`. @throws WireError where something else is next. */
export function enterOnlyArm(from: WireReader): void {
  if (!from.skipPair() || from.num() !== 0) failWire();
}

/** Out of the list; `value` is what was read in it. */
export function endWith<T>(from: WireReader, value: T): T {
  from.end();
  return value;
}
