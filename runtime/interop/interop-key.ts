// The key of a call in interop/v1: the same in every language for the same operation and arguments.
import type { InteropFloats } from '../contract/float-places.ts';
import { blake2b256 } from './blake2b.ts';
import { encodeCanonical } from './encode-canonical.ts';
import { interopError } from './interop-error.ts';

const SEGMENT = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Namespaces with which other kinds of keys begin. */
const RESERVED = new Set(['ns', 'nsapi']);

/**
 * `namespace:operation:hash`, at most 194 characters. `args`: all arguments in the order of declaration, including
 * defaults; rest arguments as one array.
 * @throws ERR_CACHEKIT_INTEROP for names that are not allowed, and for arguments outside the data model
 */
export function interopKey(namespace: string, operation: string, args: readonly unknown[]): string {
  return typedKey(namespace, operation, args, undefined);
}

/** The same for arguments whose declared types are known. */
export function typedKey(
  namespace: string,
  operation: string,
  args: readonly unknown[],
  floats: InteropFloats | undefined,
): string {
  checkSegment('namespace', namespace);
  checkSegment('operation', operation);
  if (RESERVED.has(namespace))
    throw interopError('namespace', '`ns` and `nsapi` are reserved. Choose another.');
  if (!Array.isArray(args)) throw interopError('args', 'the arguments have to be an array.');
  const digest = blake2b256(encodeCanonical(args, 'args', floats));
  return `${namespace}:${operation}:${digest.toString('hex')}`;
}

function checkSegment(where: string, segment: unknown): void {
  if (typeof segment === 'string' && SEGMENT.test(segment) && !segment.includes('..')) return;
  throw interopError(
    where,
    'it has to be 1 to 64 characters of a-z 0-9 . _ -, the first a letter or digit, without two dots in a row.',
  );
}
