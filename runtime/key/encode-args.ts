// The canonical text of a keyable value. Two texts are equal if and only if the values are, and no text is a prefix of
// another. The grammar is in docs/spec/key.md. Generated key functions write the same text faster, and call this for
// everything else.
import { bytesName, viewBytes, type Bytes } from '../value/bytes-kinds.ts';
import { codecOf } from '../value/class-codec.ts';
import { isDate, isList, isMap, isPlain, isSet, ownNames } from '../value/exact-kinds.ts';
import { isProxy, isRegExp } from '../value/node-types.ts';
import { textName, textOf } from '../value/text-kinds.ts';
import { UnkeyableError, type UnkeyableReason } from './unkeyable-error.ts';

/** Deepest nesting of objects, arrays, maps and sets. */
export const MAX_KEY_DEPTH = 100;
/** Most values in one text. Without a limit, objects that share parts could take exponential time. */
export const MAX_KEY_NODES = 1_000_000;

/**
 * The text of any value. `depth`: number of objects and arrays around the value.
 * @throws UnkeyableError for functions, symbols, class instances, accessors, hidden and symbol-keyed properties, arrays
 * with holes or properties, cycles, and values that cannot be read
 */
export function encodeArg(value: unknown, depth = 0): string {
  try {
    return encode({ ancestors: [], nodes: 0 }, value, depth);
  } catch (error) {
    throw error instanceof UnkeyableError ? error : new UnkeyableError('unreadable');
  }
}

/** Length-prefixed, so that no character needs escaping. */
export function encodeString(value: string): string {
  return `s${value.length}:${value}`;
}

/** -0 differs from 0; NaN and the infinities have texts too. */
export function encodeNumber(value: number): string {
  return value === 0 && 1 / value < 0 ? 'd-0;' : `d${value};`;
}

interface Walk {
  readonly ancestors: object[];
  nodes: number;
}

function encode(walk: Walk, value: unknown, depth: number): string {
  if (++walk.nodes > MAX_KEY_NODES) return refuse('too-large');
  switch (typeof value) {
    case 'undefined':
      return 'u';
    case 'boolean':
      return value ? 't' : 'f';
    case 'number':
      return encodeNumber(value);
    case 'bigint':
      return `b${value};`;
    case 'string':
      return encodeString(value);
    case 'object':
      return value === null ? 'n' : enter(walk, value, depth);
    default:
      return refuse(typeof value === 'function' ? 'function' : 'symbol');
  }
}

function enter(walk: Walk, value: object, depth: number): string {
  if (depth > MAX_KEY_DEPTH) return refuse('too-deep');
  if (walk.ancestors.includes(value)) return refuse('cycle');
  walk.ancestors.push(value);
  const text = encodeObject(walk, value, depth + 1);
  walk.ancestors.pop();
  return text;
}

function encodeObject(walk: Walk, value: object, depth: number): string {
  if (isPlain(value)) return encodePlain(walk, value, depth);
  if (Array.isArray(value)) {
    if (value.length > MAX_KEY_NODES) return refuse('too-large');
    if (!isList(value)) return refuse('array-properties');
    return `[${encodeAll(walk, value, depth)}]`;
  }
  if (isDate(value)) return `D${value.getTime()};`;
  if (isMap(value)) return `M${encodeAll(walk, [...value].flat(1), depth)}]`;
  if (isSet(value)) return `S${encodeAll(walk, value, depth)}]`;
  const name = bytesName(value);
  if (name !== undefined) return encodeBytes(name, value as Bytes); // it has a name, so it is bytes
  if (isRegExp(value)) return encodeRegExp(value);
  if (isUrl(value)) return `U${encodeString(value.href)}`;
  const text = textName(value);
  if (text !== undefined) return `T${encodeString(text)}${encodeString(textOf(value, text))}`;
  const codec = isProxy(value) ? undefined : codecOf(value);
  if (codec === undefined) return refuse('class');
  return `C${encodeString(codec.id)}${encode(walk, codec.encode(value), depth)}`;
}

function encodePlain(walk: Walk, value: Readonly<Record<string, unknown>>, depth: number): string {
  const names = ownNames(value);
  if (typeof names === 'string') return refuse(names);
  let text = '{';
  for (const name of names.sort()) {
    const item = value[name];
    if (item !== undefined) text += encodeString(name) + encode(walk, item, depth);
  }
  return `${text}}`;
}

function encodeAll(walk: Walk, items: Iterable<unknown>, depth: number): string {
  let text = '';
  for (const item of items) text += encode(walk, item, depth);
  return text;
}

function encodeBytes(name: string, value: Bytes): string {
  const bytes = viewBytes(value);
  return `B${name}:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')};`;
}

function encodeRegExp(value: RegExp): string {
  // The only own property of a RegExp is `lastIndex`, where the next search starts.
  if (Object.getPrototypeOf(value) !== RegExp.prototype || Reflect.ownKeys(value).length !== 1) {
    return refuse('class');
  }
  const { lastIndex }: { lastIndex: unknown } = value;
  if (typeof lastIndex !== 'number') return refuse('class');
  return `R${encodeString(value.source)}${encodeString(value.flags)}${encodeNumber(lastIndex)}`;
}

function isUrl(value: object): value is URL {
  return Object.getPrototypeOf(value) === URL.prototype && Reflect.ownKeys(value).length === 0;
}

function refuse(reason: UnkeyableReason): never {
  throw new UnkeyableError(reason);
}
