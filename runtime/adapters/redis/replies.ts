// Reads replies strictly. A reply of another shape is a transient BackendError, never a crash and never a guess.
import { BackendError } from '../../backend/backend-error.ts';
import type { LogRecord, RecordKind } from '../../backend/log-capability.ts';

/**
 * The reply does not fit the command. Thrown inside `Servers.send`, it closes the connection: when one reply is lost,
 * each later command gets the reply to the next one.
 */
export class UnexpectedReply extends BackendError {
  constructor() {
    super('transient', 'Redis gave an answer of another shape.');
  }
}

function unexpected(): never {
  throw new UnexpectedReply();
}

/** Reads what a client gives for a command, at once or later. Rejects with the client's error, or BackendError. */
export function replyAs<T>(given: unknown, read: (reply: unknown) => T): Promise<T> {
  return Promise.resolve(given).then(read);
}

/** A list; of exactly `size` parts if that is given. @throws BackendError */
export function listOf(reply: unknown, size?: number): readonly unknown[] {
  if (!Array.isArray(reply) || (size !== undefined && reply.length !== size)) return unexpected();
  return reply;
}

/** Bytes. @throws BackendError */
export function bytesOf(reply: unknown): Uint8Array {
  return reply instanceof Uint8Array ? reply : unexpected();
}

/** The reply to GET; undefined when the key is absent. @throws BackendError */
export function entryOf(reply: unknown): Uint8Array | undefined {
  return reply === null ? undefined : bytesOf(reply);
}

/** Text, also if the client gives it as bytes. @throws BackendError */
export function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  const bytes = bytesOf(reply);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/**
 * A whole number from 0 to 2^53 - 1. Scores may come as text, also in scientific notation, and everything does from a
 * client with `stringNumbers`. @throws BackendError
 */
export function wholeOf(reply: unknown): number {
  const text = typeof reply === 'number' ? '' : textOf(reply);
  if (typeof reply !== 'number' && !/^\d{1,17}(\.\d{1,17})?(e\+?\d{1,2})?$/.test(text)) return unexpected();
  const value = typeof reply === 'number' ? reply : Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : unexpected();
}

/** Checks the reply to SET. @throws BackendError */
export function checkStored(reply: unknown): void {
  if (textOf(reply) !== 'OK') unexpected();
}

/** Checks the reply to PING with this text. Some proxies answer PONG whatever the text is. @throws BackendError */
export function checkPong(reply: unknown, sent: string): void {
  const answer = textOf(reply);
  if (answer !== sent && answer !== 'PONG') unexpected();
}

/** The answer of a script: 1 or 0. @throws BackendError */
export function flagOf(reply: unknown): boolean {
  const flag = wholeOf(reply);
  return flag === 1 || (flag === 0 ? false : unexpected());
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

/** Entries of the log's stream. @throws BackendError */
export function recordsOf(reply: unknown): LogRecord[] {
  return listOf(reply).map(recordOf);
}

/**
 * The reply to XREAD for one stream: null for no records, else a list of name and records; RESP3 may give a map.
 * @throws BackendError
 */
export function streamOf(reply: unknown): LogRecord[] {
  if (reply === null) return [];
  if (!Array.isArray(reply)) {
    const values = typeof reply === 'object' ? Object.values(reply as object) : []; // neither null nor a list
    return values.length === 1 ? recordsOf(values[0]) : unexpected();
  }
  const pair = reply.length === 1 ? listOf(reply[0], 2) : listOf(reply, 2);
  return recordsOf(pair[1]);
}

/** Group names and positions in turn, without the registry's own fields, which begin with `!`. @throws BackendError */
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
