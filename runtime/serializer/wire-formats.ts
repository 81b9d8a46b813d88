// The built-in formats by id.
import { arrowFormat } from './arrow.ts';
import { autoFormat } from './auto.ts';
import { jsonFormat } from './json.ts';
import type { WireFormat } from './serializer.ts';
import { stdFormat } from './std.ts';

const FORMATS: readonly WireFormat[] = [stdFormat, autoFormat, jsonFormat, arrowFormat];

/** The format with this id; undefined: there is none. */
export function findWireFormat(id: string): WireFormat | undefined {
  return FORMATS.find((format) => format.id === id);
}
