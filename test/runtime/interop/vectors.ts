// fixtures/vectors/interop-v1.json, with the stand-ins of its JSON turned into values.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DeclaredFloat } from '../../../runtime/interop/declared-float.ts';

interface Encoded {
  readonly encoded?: string;
  readonly encodedSha256?: string;
}

interface Vectors {
  readonly hashes: readonly { sizeBytes: number; digest: string }[];
  readonly keys: readonly (Encoded & {
    name: string;
    namespace: string;
    operation: string;
    args: unknown[];
    key: string;
  })[];
  readonly badNames: readonly { namespace: string; operation: string }[];
  readonly values: readonly (Encoded & { name: string; value: unknown })[];
  readonly reads: readonly { name: string; bytes: string; value: unknown }[];
  readonly refused: readonly { name: string; bytes: string }[];
  readonly encryption: readonly {
    name: string;
    masterKey: string;
    tenant: string;
    derivedKey: string;
    key: string;
    plain: string;
    nonce: string;
    stored: string;
  }[];
}

const file = new URL('../../../fixtures/vectors/interop-v1.json', import.meta.url);
export const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors; // the shape is this repository's own

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const unhex = (text: string): Buffer => Buffer.from(text, 'hex');

/** Short encodings in full, long ones by their hash. */
export function isEncodedAs(bytes: Uint8Array, { encoded, encodedSha256 }: Encoded): boolean {
  return encoded === undefined
    ? createHash('sha256').update(bytes).digest('hex') === encodedSha256
    : hex(bytes) === encoded;
}

const STAND_INS: Readonly<Record<string, (content: never) => unknown>> = {
  $int: (text: string) => BigInt(text),
  $float: (text: string) => new DeclaredFloat(Number(text)),
  $bytes: (text: string) => new Uint8Array(unhex(text)),
  $set: (items: unknown[]) => new Set(items.map(revive)),
  $datetime: (text: string) => new Date(text),
  $repeat: ([text, count]: [string, number]) => text.repeat(count),
  $repeatBytes: ([text, count]: [string, number]) => new Uint8Array(unhex(text.repeat(count))),
  $repeatItem: ([item, count]: [unknown, number]) => Array.from({ length: count }, () => revive(item)),
};

export function revive(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(revive);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json);
  const standIn = entries.length === 1 ? STAND_INS[entries[0]![0]] : undefined; // it has one
  if (standIn !== undefined) return standIn(entries[0]![1] as never);
  // fromEntries makes own properties, of __proto__ too.
  return Object.fromEntries(entries.map(([name, value]) => [name, revive(value)]));
}
