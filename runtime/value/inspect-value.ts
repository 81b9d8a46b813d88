// Checks whether a value can be stored exactly, and estimates its size, in one walk before anything else reads the
// value.
import type { Coded } from '../contract/value-kit.ts';
import { bytesName, isBareBytes, type Bytes } from './bytes-kinds.ts';
import { ownerOf } from './coded.ts';
import { isDate, isList, isMap, isPlain, isSet, propertyFault } from './exact-kinds.ts';
import { isProxy } from './node-types.ts';
import { textName, textOf } from './text-kinds.ts';

/** Deepest nesting of a storable value. */
export const MAX_VALUE_DEPTH = 128;
/** Most values in a storable value. */
export const MAX_VALUE_NODES = 1_000_000;

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols } = Object;

/** What the value contains that cannot be stored. */
export type UnstorableReason =
  | 'function'
  | 'symbol'
  | 'class'
  | 'proxy'
  | 'accessor'
  | 'symbol-key'
  | 'hidden-property'
  | 'proto-key'
  | 'array-properties'
  | 'cycle'
  | 'too-deep'
  | 'too-large'
  | 'unreadable';

/**
 * `sizeBytes`: upper estimate of the memory that the value takes. `hasRegExp`: it contains a RegExp, which is stored
 * only if the declared type has one. `path`: `.owner.tags[2]`, '' for the root; names that could be data, because they
 * are no short identifiers, appear as `[?]`. An `unreadable` value has no path.
 */
export type Inspection =
  | { readonly ok: true; readonly sizeBytes: number; readonly hasRegExp: boolean }
  | { readonly ok: false; readonly reason: UnstorableReason; readonly path: string };

/**
 * Storable: null, undefined, booleans, numbers, bigints, strings, plain objects, dense arrays, Date, Map, Set, typed
 * arrays, Buffer, ArrayBuffer, URL, RegExp, Temporal, and instances of `coded` classes whose data is storable; no
 * cycles. An object that appears twice becomes two objects. Never throws.
 */
export function inspectValue(value: unknown, coded: readonly Coded[] = []): Inspection {
  const walk: Walk = { coded, ancestors: [], nodes: 0, sizeBytes: 0, hasRegExp: false, path: [] };
  try {
    const reason = visit(walk, value);
    return reason === undefined
      ? { ok: true, sizeBytes: walk.sizeBytes, hasRegExp: walk.hasRegExp }
      : { ok: false, reason, path: printPath(walk.path.reverse()) };
  } catch {
    return { ok: false, reason: 'unreadable', path: '' }; // an accessor as array element, or a class codec, threw
  }
}

/** State of one walk. */
interface Walk {
  readonly coded: readonly Coded[];
  readonly ancestors: object[];
  nodes: number;
  sizeBytes: number;
  hasRegExp: boolean;
  /** Steps from the obstacle up to the root. Written only on the way back from a failure. */
  readonly path: Step[];
}

type Step = string | number;

function visit(walk: Walk, value: unknown): UnstorableReason | undefined {
  if (++walk.nodes > MAX_VALUE_NODES) return 'too-large';
  switch (typeof value) {
    case 'string':
      walk.sizeBytes += 16 + 2 * value.length;
      return undefined;
    case 'bigint':
      walk.sizeBytes += 16 + Math.ceil(bitLength(value) / 8);
      return undefined;
    case 'function':
      return 'function';
    case 'symbol':
      return 'symbol';
    case 'object':
      return value === null ? undefined : enter(walk, value);
    default:
      walk.sizeBytes += 8;
      return undefined;
  }
}

function enter(walk: Walk, value: object): UnstorableReason | undefined {
  if (isProxy(value)) return 'proxy';
  const { ancestors } = walk;
  if (ancestors.includes(value)) return 'cycle';
  if (ancestors.length === MAX_VALUE_DEPTH) return 'too-deep';
  ancestors.push(value);
  const reason = visitObject(walk, value);
  ancestors.pop();
  return reason;
}

function visitObject(walk: Walk, value: object): UnstorableReason | undefined {
  if (isPlain(value)) return visitPlain(walk, value);
  if (Array.isArray(value)) return visitList(walk, value);
  if (isDate(value)) walk.sizeBytes += 48;
  else if (isMap(value)) return visitMap(walk, value);
  else if (isSet(value)) return visitSet(walk, value);
  else return visitBytes(walk, value);
  return undefined;
}

function visitBytes(walk: Walk, value: object): UnstorableReason | undefined {
  const name = bytesName(value);
  if (name === undefined) return visitOther(walk, value);
  const bytes = value as Bytes; // it has a name of bytes
  walk.sizeBytes += 128 + bytes.byteLength;
  return isBareBytes(bytes, name) ? undefined : 'array-properties';
}

function visitOther(walk: Walk, value: object): UnstorableReason | undefined {
  const text = textName(value);
  if (text === undefined) {
    const owner = ownerOf(walk.coded, value);
    return owner === undefined ? 'class' : visit(walk, owner.encode(value));
  }
  walk.sizeBytes += 128 + 2 * textOf(value, text).length;
  if (text === 'RegExp') walk.hasRegExp = true;
  return undefined;
}

function visitPlain(walk: Walk, value: object): UnstorableReason | undefined {
  if (getOwnPropertySymbols(value).length > 0) return 'symbol-key';
  const names = getOwnPropertyNames(value);
  walk.sizeBytes += 32 + names.length * 8;
  // Small objects share their property names; large ones are dictionaries with names of their own.
  if (names.length > 64) for (const name of names) walk.sizeBytes += 32 + 2 * name.length;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string; // i < length
    const property = getOwnPropertyDescriptor(value, name);
    const fault = propertyFault(property);
    if (fault !== undefined) return fault;
    const reason = name === '__proto__' ? 'proto-key' : visit(walk, property?.value);
    if (reason !== undefined) return failAt(walk, name, reason);
  }
  return undefined;
}

function visitList(walk: Walk, value: unknown[]): UnstorableReason | undefined {
  // Before the elements are looked at: the array may have 2^32 holes.
  if (walk.nodes + value.length > MAX_VALUE_NODES) return 'too-large';
  if (Object.getPrototypeOf(value) !== Array.prototype) return 'class';
  if (!isList(value)) return 'array-properties';
  walk.sizeBytes += 32 + 8 * value.length;
  for (let i = 0; i < value.length; i++) {
    const reason = visit(walk, value[i]);
    if (reason !== undefined) return failAt(walk, i, reason);
  }
  return undefined;
}

function visitMap(walk: Walk, value: Map<unknown, unknown>): UnstorableReason | undefined {
  walk.sizeBytes += 64 + 40 * value.size;
  for (const [key, item] of value) {
    const keyReason = visit(walk, key);
    if (keyReason !== undefined) return failAt(walk, '<key>', keyReason);
    const reason = visit(walk, item);
    if (reason !== undefined) return failAt(walk, '<value>', reason);
  }
  return undefined;
}

function visitSet(walk: Walk, value: Set<unknown>): UnstorableReason | undefined {
  walk.sizeBytes += 64 + 24 * value.size;
  for (const item of value) {
    const reason = visit(walk, item);
    if (reason !== undefined) return failAt(walk, '<value>', reason);
  }
  return undefined;
}

function failAt(walk: Walk, step: Step, reason: UnstorableReason): UnstorableReason {
  walk.path.push(step);
  return reason;
}

function bitLength(value: bigint): number {
  // Almost all fit into 64 bits, so that no string has to be made.
  return BigInt.asIntN(64, value) === value ? 64 : value.toString(16).length * 4;
}

function printPath(steps: readonly Step[]): string {
  return steps.map(printStep).join('');
}

function printStep(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  if (step === '<key>' || step === '<value>') return step;
  return /^[A-Za-z_$][\w$]{0,39}$/.test(step) ? `.${step}` : '[?]';
}
