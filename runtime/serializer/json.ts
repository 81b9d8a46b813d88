// `json`: the wire as JSON text, for stores that people read. Wire has no objects, so objects can represent what JSON
// lacks: {"n":"NaN"}, {"n":"Infinity"}, {"n":"-Infinity"} and {"b":"<base64>"}.
import type { Wire, WireReader, WireWriter } from '../contract/wire.ts';
import type { ReadParts, WireFormat } from './serializer.ts';
import { WireBuilder } from './wire-builder.ts';
import { MalformedError, MAX_WIRE_DEPTH, MAX_WIRE_NODES } from './wire-limits.ts';
import { WireWalker } from './wire-walker.ts';

const { isUtf8 } = process.getBuiltinModule('node:buffer');

/** The format. */
export const jsonFormat: WireFormat = { id: 'json', code: 3, write: writeJson, read: readJson };

type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly n: string }
  | { readonly b: string };

function writeJson(write: (to: WireWriter) => void): Buffer {
  const builder = new WireBuilder();
  write(builder);
  return Buffer.from(JSON.stringify(toJson(builder.result)));
}

function toJson(wire: Wire): Json {
  if (typeof wire === 'number') return Number.isFinite(wire) ? wire : { n: String(wire) };
  if (typeof wire !== 'object' || wire === null) return wire;
  if (wire instanceof Uint8Array) {
    return { b: Buffer.from(wire.buffer, wire.byteOffset, wire.byteLength).toString('base64') };
  }
  return wire.map(toJson);
}

function readJson<T>(bytes: Buffer, read: (from: WireReader) => T): ReadParts<T> {
  const walker = new WireWalker(parseJson(bytes));
  const value = read(walker);
  walker.finish();
  return { value, sizeBytes: walker.sizeBytes };
}

function parseJson(bytes: Buffer): Wire {
  if (!isUtf8(bytes) || !isWithinLimits(bytes)) throw new MalformedError();
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new MalformedError(); // the message of the parser would quote the text
  }
  return fromJson(json, 0);
}

/** Twice as many, because every element can be a marker object. */
const MAX_JSON_NODES = 2 * MAX_WIRE_NODES;

/** Checks depth and number of values by counting brackets and commas, before the parser builds anything. */
function isWithinLimits(bytes: Buffer): boolean {
  let depth = 0;
  let nodes = 1;
  let inString = false;
  for (let i = 0; i < bytes.length && nodes <= MAX_JSON_NODES; i++) {
    const byte = bytes[i];
    if (byte === 0x22) inString = !inString;
    else if (inString) i += byte === 0x5c ? 1 : 0;
    else if (byte === 0x2c) nodes += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    else if (byte === 0x5b || byte === 0x7b) {
      nodes += 1;
      depth += 1;
      // One level more than arrays may have, for a marker object in the innermost array.
      if (depth > MAX_WIRE_DEPTH + 1) return false;
    }
  }
  return nodes <= MAX_JSON_NODES;
}

function fromJson(json: unknown, depth: number): Wire {
  if (json === null || typeof json === 'boolean') return json;
  if (typeof json === 'string') {
    if (!json.isWellFormed()) throw new MalformedError();
    return json;
  }
  if (typeof json === 'number') {
    if (!Number.isFinite(json) || Object.is(json, -0)) throw new MalformedError();
    return json;
  }
  if (!Array.isArray(json)) return fromMarker(json as object); // JSON.parse returns nothing else
  if (depth === MAX_WIRE_DEPTH) throw new MalformedError();
  return json.map((element: unknown) => fromJson(element, depth + 1));
}

function fromMarker(json: object): Wire {
  const [entry, more] = Object.entries(json);
  if (entry === undefined || more !== undefined) throw new MalformedError();
  const [mark, text] = entry;
  if (mark === 'n' && (text === 'NaN' || text === 'Infinity' || text === '-Infinity')) return Number(text);
  if (mark === 'b' && typeof text === 'string') {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.toString('base64') === text) return new Uint8Array(bytes);
  }
  throw new MalformedError();
}
