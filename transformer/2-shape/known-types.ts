// Which built-in types have a shape, and why the others have none. The type reader says `built-in` only for types
// declared in the default library or by Node, so a user's own type named `Date` is never looked up here.
import type { BytesType, TextType, UnsupportedReason } from './type-shape.ts';

/** What a built-in becomes. The shapes inside a `map` or `set` come from its type arguments. */
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

/**
 * Looks up a built-in; `name` may be qualified (`NodeJS.ReadableStream`). One not listed is unsupported, `built-in`.
 */
export function knownType(name: string): KnownType {
  return lookUp(name) ?? { kind: 'unsupported', reason: 'built-in' };
}

/**
 * False for built-ins missing from the table; of these the type reader takes interfaces without a constructor for plain
 * data.
 */
export function isListedBuiltIn(name: string): boolean {
  return lookUp(name) !== undefined;
}
