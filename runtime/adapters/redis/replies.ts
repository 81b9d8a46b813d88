// Reads replies strictly: whatever has another shape is a failure of the connection, never a crash and never a guess.
import { BackendError } from '../../backend/backend-error.ts';
import type { LogRecord, RecordKind } from '../../backend/log-capability.ts';

function unexpected(): never {
  throw new BackendError('transient', 'Redis gave an answer of another shape.');
}

/** `size`: how many there must be. */
export function listOf(reply: unknown, size?: number): readonly unknown[] {
  if (!Array.isArray(reply) || (size !== undefined && reply.length !== size)) return unexpected();
  return reply;
}

export function bytesOf(reply: unknown): Uint8Array {
  return reply instanceof Uint8Array ? reply : unexpected();
}

/** null: absent. */
export function entryOf(reply: unknown): Uint8Array | undefined {
  return reply === null ? undefined : bytesOf(reply);
}

export function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  const bytes = bytesOf(reply);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** A whole number from 0 to 2^53 - 1; scores may come as text, and in scientific form. */
export function wholeOf(reply: unknown): number {
  const text = typeof reply === 'number' ? '' : textOf(reply);
  if (typeof reply !== 'number' && !/^\d{1,17}(\.\d{1,17})?(e\+?\d{1,2})?$/.test(text)) return unexpected();
  const value = typeof reply === 'number' ? reply : Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : unexpected();
}

/** The answer of a script that says yes or no. */
export function flagOf(reply: unknown): boolean {
  return reply === 1 || (reply === 0 ? false : unexpected());
}

const KINDS: Readonly<Record<string, RecordKind>> = { k: 'key', g: 'group', r: 'raise' };

function fieldsOf(reply: unknown): ReadonlyMap<string, string> {
  const flat = listOf(reply);
  if (flat.length % 2 !== 0) return unexpected();
  const fields = new Map<string, string>();
  for (let i = 0; i < flat.length; i += 2) fields.set(textOf(flat[i]), textOf(flat[i + 1]));
  return fields;
}

function recordOf(reply: unknown): LogRecord {
  const [id, values] = listOf(reply, 2);
  const position = /^(\d+)-0$/.exec(textOf(id))?.[1];
  const fields = fieldsOf(values);
  const name = fields.get('t') ?? '';
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  const subject = fields.get('k') ?? '';
  const record = fields.get('n') ?? '';
  if (kind === undefined || record === '' || (subject === '') !== (kind === 'raise')) return unexpected();
  return {
    inc: wholeOf(fields.get('i')),
    previous: wholeOf(fields.get('p')),
    position: wholeOf(position),
    id: record,
    kind,
    subject,
    redone: fields.get('d') === '1',
  };
}

export function recordsOf(reply: unknown): LogRecord[] {
  return listOf(reply).map(recordOf);
}

/** Of XREAD for one stream: pairs of name and records; the third protocol may give a map. null: nothing came. */
export function streamOf(reply: unknown): LogRecord[] {
  if (reply === null) return [];
  if (!Array.isArray(reply)) {
    const values = typeof reply === 'object' ? Object.values(reply as object) : []; // neither null nor a list
    return values.length === 1 ? recordsOf(values[0]) : unexpected();
  }
  const pair = reply.length === 1 ? listOf(reply[0], 2) : listOf(reply, 2);
  return recordsOf(pair[1]);
}

/** Names and positions in turn; what the registry keeps about itself is left out. */
export function groupsOf(reply: unknown): [id: string, position: number][] {
  const flat = listOf(reply);
  if (flat.length % 2 !== 0) return unexpected();
  const groups: [string, number][] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const id = textOf(flat[i]);
    if (!id.startsWith('!')) groups.push([id, wholeOf(flat[i + 1])]);
  }
  return groups;
}
