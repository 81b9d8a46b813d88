// Invalidates memory by what is known without the arguments of a call: a backend key, or a tag.
import { flightOf } from '../../flow/flights-by-name.ts';
import { markTag } from '../../flow/tag-marks.ts';
import { sharedIndex } from '../../memory/shared-index.ts';

/** Drops the memory entries of a backend key, and detaches the flight whose result would be stored under it. */
export function dropNamed(name: string): void {
  const flight = flightOf(name);
  if (flight !== undefined) flight.detached = true;
  for (const entry of sharedIndex.named(name)) entry.owner.drop(entry);
}

/** Drops the memory entries with a tag. `id`: its group id. */
export function dropTag(id: string): void {
  markTag(id);
  for (const entry of sharedIndex.tagged(id)) entry.owner.drop(entry);
}
