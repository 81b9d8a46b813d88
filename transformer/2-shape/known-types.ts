// Which built-in types have a shape and why the others have none. Names are meant by declaration origin: the reader
// says `built-in` only for types of the default library or of Node, so a user's own `Date` never comes here.
import type { BytesType, TextType, UnsupportedReason } from './type-shape.ts';

/** What a built-in becomes. `map` and `set` take their shapes from the type arguments. */
export type KnownType =
  | { readonly kind: 'date' }
  | { readonly kind: 'map' | 'set'; readonly readonly: boolean }
  | { readonly kind: 'bytes'; readonly type: BytesType }
  | { readonly kind: 'text'; readonly type: TextType }
  | { readonly kind: 'unsupported'; readonly reason: UnsupportedReason };

const BYTES: readonly BytesType[] = [
  'Uint8Array',
  'Uint8ClampedArray',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Buffer',
  'ArrayBuffer',
];

const TEXTS: readonly TextType[] = [
  'URL',
  'RegExp',
  'Temporal.Instant',
  'Temporal.ZonedDateTime',
  'Temporal.PlainDate',
  'Temporal.PlainTime',
  'Temporal.PlainDateTime',
  'Temporal.PlainYearMonth',
  'Temporal.PlainMonthDay',
  'Temporal.Duration',
];

const UNSUPPORTED: Readonly<Partial<Record<UnsupportedReason, string>>> = {
  stream:
    'ReadableStream WritableStream TransformStream ReadWriteStream Readable Writable Duplex Transform PassThrough Stream ' +
    'Socket TLSSocket Server FileHandle IncomingMessage ServerResponse ClientRequest ChildProcess AsyncIterable ' +
    'ReadableStreamDefaultReader ReadableStreamBYOBReader WritableStreamDefaultWriter ReadStream WriteStream Interface WebSocket',
  http: 'Response Request Headers Blob File FormData',
  error:
    'Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError SuppressedError ' +
    'DOMException ErrnoException AssertionError SystemError',
  promise: 'Promise PromiseLike',
  weak: 'WeakMap WeakSet WeakRef FinalizationRegistry WeakKey',
  iterator:
    'Iterable Iterator IteratorObject IterableIterator Generator ArrayIterator MapIterator SetIterator StringIterator ' +
    'RegExpStringIterator BuiltinIterator AsyncIterator AsyncIteratorObject AsyncIterableIterator AsyncGenerator ' +
    'ReadableStreamAsyncIterator ReadableStreamIterator',
  function:
    'Function CallableFunction NewableFunction GeneratorFunction AsyncFunction AsyncGeneratorFunction',
  symbol: 'Symbol',
  'object-keyword': 'Object',
  'built-in': 'ArrayLike TemplateStringsArray ArrayBufferView Console NodeModule Intl.DateTimeFormat',
};

const KNOWN = new Map<string, KnownType>([
  ['Date', { kind: 'date' }],
  ['Map', { kind: 'map', readonly: false }],
  ['ReadonlyMap', { kind: 'map', readonly: true }],
  ['Set', { kind: 'set', readonly: false }],
  ['ReadonlySet', { kind: 'set', readonly: true }],
]);
for (const type of BYTES) KNOWN.set(type, { kind: 'bytes', type });
for (const type of TEXTS) KNOWN.set(type, { kind: 'text', type });
for (const [reason, names] of Object.entries(UNSUPPORTED))
  for (const name of names.split(' '))
    KNOWN.set(name, { kind: 'unsupported', reason: reason as UnsupportedReason }); // keys of the table above

const lastSegment = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const lookUp = (name: string): KnownType | undefined => KNOWN.get(name) ?? KNOWN.get(lastSegment(name));

/** The meaning of a built-in; `name` may be qualified (`NodeJS.ReadableStream`). Unlisted: unsupported `built-in`. */
export function knownType(name: string): KnownType {
  return lookUp(name) ?? { kind: 'unsupported', reason: 'built-in' };
}

/** Built-ins that the table names. A library interface it does not name and that has no value (no constructor) is plain data. */
export function isListedBuiltIn(name: string): boolean {
  return lookUp(name) !== undefined;
}
