// Invalidation by what is known outside a function: the name of an entry in a backend, or a tag.
import { flightOf } from '../../flow/flights-by-name.ts';
import { markTag } from '../../flow/tag-marks.ts';
import { sharedIndex } from '../../memory/shared-index.ts';

/** One entry of a backend: what memory has of it, and the run whose result would have become the next one. */
export function dropNamed(name: string): void {
  const flight = flightOf(name);
  if (flight !== undefined) flight.detached = true;
  for (const entry of sharedIndex.named(name)) entry.owner.drop(entry);
}

/** Everything in memory that has one of these tags. `id`: its group id. */
export function dropTag(id: string): void {
  markTag(id);
  for (const entry of sharedIndex.tagged(id)) entry.owner.drop(entry);
}
