// Checks the parts of a stored tree, which is not trusted. Each function throws MalformedTableError for another kind.
import type { Wire } from '../../contract/wire.ts';
import { refuseTable } from './malformed-table.ts';

/** A list; of exactly `length` parts if that is given. */
export function asList(part: Wire | undefined, length?: number): readonly Wire[] {
  if (!Array.isArray(part) || (length !== undefined && part.length !== length)) return refuseTable();
  return part as readonly Wire[];
}

/** A whole number from 0 to `max`. */
export function asCount(part: Wire | undefined, max: number): number {
  return typeof part === 'number' && Number.isInteger(part) && part >= 0 && part <= max
    ? part
    : refuseTable();
}

/** A string. */
export function asText(part: Wire | undefined): string {
  return typeof part === 'string' ? part : refuseTable();
}

/** A boolean. */
export function asFlag(part: Wire | undefined): boolean {
  return typeof part === 'boolean' ? part : refuseTable();
}

/** Bytes. */
export function asBytes(part: Wire | undefined): Uint8Array {
  return part instanceof Uint8Array ? part : refuseTable();
}
